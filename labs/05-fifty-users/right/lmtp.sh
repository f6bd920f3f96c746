#!/bin/bash
# after: start
# Another way of being right: Postfix hands local mail to Dovecot over LMTP, accounts come from useradd and sed,
# submission is master.cf written by hand, restrictions by their mua_ names as in Debian's comments; the certificate is
# lego's, renewed from cron.daily; the thief is shut out by a locked password.
set -e
export DEBIAN_FRONTEND=noninteractive
domain=$(hostname -d)

apt-get update
apt-get install -y postfix dovecot-imapd dovecot-lmtpd ssl-cert lego

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
postconf -e 'mua_sender_restrictions = reject_authenticated_sender_login_mismatch' 'mua_recipient_restrictions = permit_sasl_authenticated, reject'
cat >> /etc/postfix/master.cf <<'END'
submission inet n - y - - smtpd
  -o syslog_name=postfix/submission
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_sasl_type=dovecot
  -o smtpd_sasl_path=private/auth
  -o smtpd_tls_auth_only=yes
  -o smtpd_relay_restrictions=
  -o smtpd_sender_restrictions=$mua_sender_restrictions
  -o smtpd_recipient_restrictions=$mua_recipient_restrictions
submissions inet n - y - - smtpd
  -o syslog_name=postfix/submissions
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_sasl_type=dovecot
  -o smtpd_sasl_path=private/auth
  -o smtpd_relay_restrictions=
  -o smtpd_sender_restrictions=$mua_sender_restrictions
  -o smtpd_recipient_restrictions=$mua_recipient_restrictions
END

# Whose address is whose, each written out; then the wishes of the list.
printf 'postmaster: root\nroot: sasha\n' > /etc/aliases
awk -F: -v at="@$domain" '$3 >= 1000 && $3 < 60000 { print $1 at, $1 }' /etc/passwd > /etc/postfix/owners
while IFS=';' read -r address people; do
  if id "$address" >/dev/null 2>&1; then
    printf '%s\n' "\\$address" "${people#*,}" > "/home/$address/.forward"
  else
    echo "$address: $people" >> /etc/aliases
    echo "$address@$domain ${people//,/ }" >> /etc/postfix/owners
  fi
done < /root/redirections.csv
newaliases
postmap /etc/postfix/owners
postconf -e 'smtpd_sender_login_maps = hash:/etc/postfix/owners'

lego() { command lego --path /etc/lego --server https://acme.nic.test/dir --accept-tos --email "root@$domain" --domains "mail.$domain" --http "$@"; }
# A lab that was opened a moment ago is still learning whom to trust.
timeout 90 sh -c 'until curl -sf -o /dev/null https://acme.nic.test/dir; do sleep 0.3; done'
lego run
# lego starts its hook without a shell: one command, so a file.
printf '#!/bin/sh\nservice postfix reload\nservice dovecot reload\n' > /usr/local/sbin/reload-mail
chmod 755 /usr/local/sbin/reload-mail
cat > /etc/cron.daily/lego <<END
#!/bin/sh
lego --path /etc/lego --server https://acme.nic.test/dir --accept-tos --email root@$domain --domains mail.$domain --http \\
  renew --days 30 --renew-hook /usr/local/sbin/reload-mail
END
chmod 755 /etc/cron.daily/lego
files=/etc/lego/certificates/mail.$domain
postconf -e "smtpd_tls_chain_files = $files.key, $files.crt"
printf 'ssl_server_cert_file = %s.crt\nssl_server_key_file = %s.key\n' "$files" "$files" >> /etc/dovecot/local.conf
service dovecot restart
service postfix restart

# The night's log, one pattern after another.
for hour in 1 2 3 4 5 6 7 8; do
  grep "T0$hour:" /root/one-night.log > /tmp/hour
  what=sent
  while read -r name pattern; do
    ! grep -q -- "$pattern" /tmp/hour || what=$name
  done <<'END'
statistics anvil
client imap-login
received relay=local
deferred status=deferred
refused status=bounced
attempt NOQUEUE
hole client=unknown.*sasl_username
END
  answer read-the-logs "hour-$hour" "$what"
done
answer read-the-logs account "$(sed -n 's/.*client=unknown.*sasl_username=//p' /root/one-night.log | head -1)"

# on: desk
rehearsal

# on: server
set -e
until [ "$(postqueue -j | grep -c slow-)" -ge 2 ]; do sleep 0.5; done
service postfix stop
thief=$(grep -oP 'client=.*sasl_username=\K.*' /var/log/mail.log | sort | uniq -c | sort -rn | awk 'NR == 1 { print $2 }')
passwd --lock "$thief"
postqueue -j | grep "\"sender\": \"$thief@" | grep -o '"queue_id": "[^"]*' | cut -d'"' -f4 | postsuper -d -
service postfix start
