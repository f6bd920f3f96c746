#!/bin/bash
# after: start
# Another way of being right: the mailboxes live under /var/mail/maildirs, one folder a person, and not in the
# homes, so that a disk of their own can be mounted there. Debian's defaults decide who may relay (454). A hook copies the
# certificate to where only root reads it; all redirections are in /etc/aliases.
set -e
export DEBIAN_FRONTEND=noninteractive
domain=$(hostname -d)

apt-get update
apt-get install -y postfix dovecot-imapd ssl-cert certbot

install -d -m 0755 /var/mail/maildirs
add() { # login, name
  useradd --no-create-home --home-dir "/var/mail/maildirs/$1" --shell /usr/sbin/nologin --comment "$2" "$1"
  install -d -m 0700 -o "$1" -g "$1" "/var/mail/maildirs/$1"
}
add sasha Sasha
plain() {
  local login=${1,,}
  login=${login//[àáâä]/a} login=${login//[éèêë]/e} login=${login//[îïí]/i} login=${login//[ôöó]/o}
  login=${login//[ûüù]/u} login=${login//ç/c}
  echo "${login//ñ/n}"
}
export LC_ALL=C.UTF-8
while IFS=';' read -r login name password; do
  login=$(plain "$login")
  if ! id -u "$login" >/dev/null 2>&1; then
    add "$login" "$name"
    chpasswd <<<"$login:$password"
  fi
done < /root/accounts.csv

postconf -e "mydestination = $domain localhost" "myorigin = $domain" 'home_mailbox =' 'mail_spool_directory = /var/mail/maildirs/'
printf 'postmaster: root\nroot: sasha\n' > /etc/aliases
awk -F'[;]' '{ print $1 ": " ($2 ~ "^" $1 "," ? "\\" : "") $2 }' /root/redirections.csv >> /etc/aliases
newaliases

install -d -m 0700 /etc/ssl/mail
cat > /usr/local/sbin/install-mail-certificate <<'END'
#!/bin/sh
cp -L "$RENEWED_LINEAGE/fullchain.pem" "$RENEWED_LINEAGE/privkey.pem" /etc/ssl/mail/
service postfix reload
service dovecot reload
END
chmod 755 /usr/local/sbin/install-mail-certificate
# A lab that was opened a moment ago is still learning whom to trust.
timeout 90 sh -c 'until curl -sf -o /dev/null https://acme.nic.test/dir; do sleep 0.3; done'
certbot certonly --standalone -n --agree-tos --register-unsafely-without-email -d "mail.$domain" \
  --deploy-hook /usr/local/sbin/install-mail-certificate
postconf -e smtpd_tls_cert_file=/etc/ssl/mail/fullchain.pem smtpd_tls_key_file=/etc/ssl/mail/privkey.pem
cat > /etc/dovecot/conf.d/99-ours.conf <<'END'
mail_driver = maildir
mail_path = /var/mail/maildirs/%{user}
mail_inbox_path = /var/mail/maildirs/%{user}
ssl_server_cert_file = /etc/ssl/mail/fullchain.pem
ssl_server_key_file = /etc/ssl/mail/privkey.pem
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0666
  }
}
END
postconf -e smtpd_sasl_type=dovecot smtpd_sasl_path=private/auth smtpd_tls_auth_only=yes
# Debian's master.cf has both doors ready behind a comment sign.
sed -i -E '/^#submissions? +inet/,/^#(Choose|628)/ { /^#(submissions? +inet|  -o (syslog_name|smtpd_tls|smtpd_sasl|smtpd_recipient_restrictions=permit_sasl))/ s/^#// }' \
  /etc/postfix/master.cf
# Who has no line of their own in the first map is asked for in the second one.
while IFS=';' read -r address people; do
  id -u "$address" >/dev/null 2>&1 || echo "$address@$domain $people"
done < /root/redirections.csv > /etc/postfix/shared-addresses
echo "/^(.+)@$domain\$/ \$1" > /etc/postfix/own-addresses
postconf -e 'smtpd_sender_login_maps = texthash:/etc/postfix/shared-addresses regexp:/etc/postfix/own-addresses'
for door in submission submissions; do
  postconf -P "$door/inet/smtpd_sender_restrictions=reject_sender_login_mismatch"
done
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
thief=$(sed -n 's/.*client=.*sasl_username=//p' /var/log/mail.log | sort | uniq -c | sort -n | tail -1 | awk '{ print $2 }')
service postfix stop
usermod --password '!' "$thief"
for id in $(mailq | grep "$thief@" | grep -oE '^[0-9A-Za-z]+'); do postsuper -d "$id"; done
service postfix start
postqueue -f
