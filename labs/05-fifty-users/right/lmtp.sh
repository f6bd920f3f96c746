#!/bin/bash
# after: start
# Another way of being right: Postfix hands local mail to Dovecot over LMTP, accounts come from useradd and sed,
# submission is master.cf written by hand, restrictions by their mua_ names as in Debian's comments.
set -e
export DEBIAN_FRONTEND=noninteractive
domain=$(hostname -d)

apt-get update
apt-get install -y postfix dovecot-imapd dovecot-lmtpd ssl-cert

useradd --create-home --comment Sasha sasha
export LC_ALL=C.UTF-8
while IFS=';' read -r login name password; do
  login=$(sed 'y/àáâäãçéèêëîïìíôöòóûüùúñ/aaaaaceeeeiiiioooouuuun/' <<<"${login,,}")
  id "$login" >/dev/null 2>&1 && continue
  useradd --create-home --shell /bin/false --comment "$name" "$login"
  usermod --password "$(openssl passwd -6 -stdin <<<"$password")" "$login"
done < /root/accounts.csv

cat > /etc/dovecot/local.conf <<'END'
mail_driver = maildir
mail_home =
mail_path = ~/Maildir
mail_inbox_path = ~/Maildir
auth_mechanisms = plain login
service lmtp {
  unix_listener /var/spool/postfix/private/dovecot-lmtp {
    mode = 0600
    user = postfix
    group = postfix
  }
}
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
END

postconf -e "mydestination = $domain, mail.$domain, localhost" 'mailbox_transport = lmtp:unix:private/dovecot-lmtp'
postconf -e 'mua_recipient_restrictions = permit_sasl_authenticated, reject'
cat >> /etc/postfix/master.cf <<'END'
submission inet n - y - - smtpd
  -o syslog_name=postfix/submission
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_sasl_type=dovecot
  -o smtpd_sasl_path=private/auth
  -o smtpd_tls_auth_only=yes
  -o smtpd_relay_restrictions=
  -o smtpd_recipient_restrictions=$mua_recipient_restrictions
submissions inet n - y - - smtpd
  -o syslog_name=postfix/submissions
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_sasl_type=dovecot
  -o smtpd_sasl_path=private/auth
  -o smtpd_relay_restrictions=
  -o smtpd_recipient_restrictions=$mua_recipient_restrictions
END
printf 'postmaster: root\nroot: sasha\n' > /etc/aliases
newaliases
service dovecot restart
service postfix restart
