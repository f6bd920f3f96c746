#!/bin/bash
# What a good participant types on the server, task by task.
set -e
export DEBIAN_FRONTEND=noninteractive
domain=$(hostname -d)

# --- mail-arrives -----------------------------------------------------------------------------------------
apt-get update
apt-get install -y postfix ssl-cert bsd-mailx

postconf -e "mydestination = $domain, \$myhostname, localhost.$domain, localhost"
postconf -e "myorigin = $domain"
postconf -e 'home_mailbox = Maildir/'
postconf -e 'smtpd_tls_protocols = >=TLSv1.2' 'smtpd_tls_mandatory_protocols = >=TLSv1.2'

adduser --disabled-password --comment 'Sasha' sasha

cat > /etc/aliases <<'END'
postmaster: root
abuse:      root
root:       sasha
END
newaliases
service postfix restart

# --- fifty-accounts ---------------------------------------------------------------------------------------
cat > /root/create-accounts <<'END'
#!/bin/bash
# Makes a mail account for each line «login;name;password» of a file. Whoever is there already is left alone:
# the second line of the same person, and the system's own accounts.
export LC_ALL=C.UTF-8
while IFS=';' read -r login name password; do
  login=$(iconv -f UTF-8 -t ASCII//TRANSLIT <<<"$login" | tr A-Z a-z)
  if getent passwd "$login" >/dev/null; then
    echo "left alone: $login ($name)"
    continue
  fi
  adduser --quiet --disabled-password --shell /usr/sbin/nologin --comment "$name" "$login"
  echo "$login:$password" | chpasswd
done < "$1"
END
chmod 700 /root/create-accounts
/root/create-accounts /root/accounts.csv

# --- imap-over-tls ----------------------------------------------------------------------------------------
apt-get install -y dovecot-imapd

cat > /etc/dovecot/local.conf <<'END'
# Where the mail is: Postfix puts it into each home.
mail_driver = maildir
mail_home =
mail_path = ~/Maildir
mail_inbox_path = ~/Maildir

# No password in clear text, and no TLS older than 1.2.
ssl = required
auth_allow_cleartext = no
ssl_min_protocol = TLSv1.2
END
service dovecot restart

# --- submission -------------------------------------------------------------------------------------------
cat >> /etc/dovecot/local.conf <<'END'

# Postfix asks here whether a password is right.
auth_mechanisms = plain login
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
END
service dovecot restart

postconf -e 'smtpd_sasl_type = dovecot' 'smtpd_sasl_path = private/auth' 'smtpd_tls_auth_only = yes'

postconf -M 'submission/inet=submission inet n - y - - smtpd'
postconf -P 'submission/inet/syslog_name=postfix/submission' \
  'submission/inet/smtpd_tls_security_level=encrypt' \
  'submission/inet/smtpd_sasl_auth_enable=yes' \
  'submission/inet/smtpd_relay_restrictions=permit_sasl_authenticated,reject'

postconf -M 'submissions/inet=submissions inet n - y - - smtpd'
postconf -P 'submissions/inet/syslog_name=postfix/submissions' \
  'submissions/inet/smtpd_tls_wrappermode=yes' \
  'submissions/inet/smtpd_sasl_auth_enable=yes' \
  'submissions/inet/smtpd_relay_restrictions=permit_sasl_authenticated,reject'
service postfix restart

# --- no-open-relay ----------------------------------------------------------------------------------------
# Debian's defaults are right; said here so that the next person sees that it was wanted.
postconf -e 'smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination'
postconf -e 'mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128'
service postfix reload
