#!/bin/bash
# What a good participant types on the server, task by task.
set -e
export DEBIAN_FRONTEND=noninteractive
domain=$(hostname -d)

# --- mail-arrives -----------------------------------------------------------------------------------------
apt-get update
apt-get install -y postfix ssl-cert bsd-mailx dovecot-imapd certbot

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

# --- certificate ------------------------------------------------------------------------------------------
# Debian's certbot brings a cron job that asks for a new one in time. Postfix and Dovecot must be told to read it.
# A lab that was opened a moment ago is still learning whom to trust.
timeout 90 sh -c 'until curl -sf -o /dev/null https://acme.nic.test/dir; do sleep 0.3; done'
certbot certonly --standalone --non-interactive --agree-tos --email "postmaster@$domain" -d "mail.$domain"
cat > /etc/letsencrypt/renewal-hooks/deploy/mail-services <<'END'
#!/bin/sh
service postfix reload
service dovecot reload
END
chmod 755 /etc/letsencrypt/renewal-hooks/deploy/mail-services

live=/etc/letsencrypt/live/mail.$domain
postconf -e "smtpd_tls_cert_file = $live/fullchain.pem" "smtpd_tls_key_file = $live/privkey.pem"
cat >> /etc/dovecot/local.conf <<END

ssl_server_cert_file = $live/fullchain.pem
ssl_server_key_file = $live/privkey.pem
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

# --- nobody-writes-as-another -----------------------------------------------------------------------------
# Whose address is whose: second addresses from the secretary's list, then each login its own.
while IFS=';' read -r address people; do
  getent passwd "$address" >/dev/null || echo "$address@$domain $people"
done < /root/redirections.csv > /etc/postfix/senders
postmap hash:/etc/postfix/senders
echo "/^([^@]+)@${domain//./\\.}\$/ \$1" > /etc/postfix/own-address
postconf -e 'smtpd_sender_login_maps = hash:/etc/postfix/senders, regexp:/etc/postfix/own-address'
postconf -P 'submission/inet/smtpd_sender_restrictions=reject_sender_login_mismatch' \
  'submissions/inet/smtpd_sender_restrictions=reject_sender_login_mismatch'
service postfix reload

# --- redirections -----------------------------------------------------------------------------------------
# What is the association's goes into /etc/aliases, what is a person's into their .forward. The backslash keeps a copy.
while IFS=';' read -r address people; do
  if home=$(getent passwd "$address" | cut -d: -f6) && [ -n "$home" ]; then
    echo "\\$address, ${people#"$address",}" > "$home/.forward"
    chown "$address:" "$home/.forward"
  else
    echo "$address: $people" >> /etc/aliases
  fi
done < /root/redirections.csv
newaliases

# --- read-the-logs ----------------------------------------------------------------------------------------
for hour in 1 2 3 4 5 6 7 8; do
  lines=$(grep "T0$hour:" /root/one-night.log)
  case $lines in
    *'statistics:'*) what=statistics ;;
    *'imap-login: Logged in'*) what=client ;;
    *'NOQUEUE: reject'*) what=attempt ;;
    *'status=deferred'*) what=deferred ;;
    *'status=bounced'*) what=refused ;;
    *'relay=local'*) what=received ;;
    *'client=unknown'*'sasl_username='*) what=hole ;;
    *) what=sent ;;
  esac
  answer read-the-logs "hour-$hour" "$what"
  [ "$what" != hole ] || answer read-the-logs account "$(grep -o 'sasl_username=.*' <<<"$lines" | head -1 | cut -d= -f2)"
done

# --- i-am-spamming ----------------------------------------------------------------------------------------
# on: desk
rehearsal

# on: server
set -e
domain=$(hostname -d)
# The spam is under way as soon as some of it waits in the queue.
for _ in $(seq 60); do
  [ "$(mailq | grep -c 'slow-')" -lt 4 ] || break
  sleep 0.5
done

service postfix stop
mailq | awk '$7 ~ /@/ { print $1 }' | tr -d '*!' >/root/waiting
login=$(grep -Ff /root/waiting /var/log/mail.log | sed -n 's/.*sasl_username=//p' | sort | uniq -c | sort -n | awk 'END { print $2 }')
echo "$login:$(openssl rand -base64 18)" | chpasswd
mailq | awk -v from="$login@$domain" '$7 == from { print $1 }' | tr -d '*!' | postsuper -d -
service postfix start
postqueue -f
