#!/bin/bash
# after: start
# Another way of being right: the domain is a virtual one, its maps name the system's users, their ids and
# their homes; an address is not the same thing as an account, and only who is in the map has one. So are redirections and senders;
# root's own crontab renews the certificate.
set -e
export DEBIAN_FRONTEND=noninteractive
domain=$(hostname -d)

apt-get update
apt-get install -y postfix dovecot-imapd ssl-cert certbot

adduser --disabled-password --comment Sasha sasha
mailboxes=/etc/postfix/mailboxes
echo "sasha@$domain sasha/Maildir/" > "$mailboxes"
export LC_ALL=C.UTF-8
iconv -f UTF-8 -t ASCII//TRANSLIT /root/accounts.csv | while IFS=';' read -r login name password; do
  login=${login,,}
  getent passwd "$login" >/dev/null && continue
  adduser --quiet --disabled-password --shell /usr/sbin/nologin --comment "$name" "$login"
  chpasswd <<<"$login:$password"
  echo "$login@$domain $login/Maildir/" >> "$mailboxes"
done
while read -r address box; do
  user=${box%%/*}
  echo "$address $(id -u "$user")" >> /etc/postfix/uids
  echo "$address $(id -g "$user")" >> /etc/postfix/gids
done < "$mailboxes"
printf 'postmaster@%s sasha@%s\nabuse@%s sasha@%s\n' "$domain" "$domain" "$domain" "$domain" > /etc/postfix/virtual
sed 's/ .*//' "$mailboxes" | while read -r address; do echo "$address ${address%@*}"; done > /etc/postfix/owners
while IFS=';' read -r address people; do
  to=$(sed -E "s/(^|,)([^,@]+)(,|$)/\1\2@$domain\3/g; s/(^|,)([^,@]+)(,|$)/\1\2@$domain\3/g" <<<"$people")
  echo "$address@$domain $to" >> /etc/postfix/virtual
  grep -q "^$address@" "$mailboxes" || echo "$address@$domain $people" >> /etc/postfix/owners
done < /root/redirections.csv
postmap hash:/etc/postfix/owners
postmap hash:"$mailboxes" hash:/etc/postfix/uids hash:/etc/postfix/gids hash:/etc/postfix/virtual

postconf -e "mydestination = localhost" "virtual_mailbox_domains = $domain" 'virtual_mailbox_base = /home' \
  "virtual_mailbox_maps = hash:$mailboxes" 'virtual_uid_maps = hash:/etc/postfix/uids' \
  'virtual_gid_maps = hash:/etc/postfix/gids' 'virtual_alias_maps = hash:/etc/postfix/virtual' \
  'virtual_minimum_uid = 1000' 'virtual_mailbox_limit = 0'

cat > /etc/dovecot/local.conf <<'END'
mail_driver = maildir
mail_path = ~/Maildir
mail_inbox_path = ~/Maildir
ssl = required
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
END
postconf -e 'smtpd_sasl_type = dovecot' 'smtpd_sasl_path = private/auth' 'smtpd_tls_auth_only = yes'
for door in submission submissions; do
  postconf -M "$door/inet=$door inet n - y - - smtpd"
  postconf -P "$door/inet/smtpd_sasl_auth_enable=yes" "$door/inet/smtpd_client_restrictions=permit_sasl_authenticated,reject"
done
postconf -P submission/inet/smtpd_tls_security_level=encrypt submissions/inet/smtpd_tls_wrappermode=yes
postconf -e 'smtpd_sender_login_maps = hash:/etc/postfix/owners'
for door in submission submissions; do
  postconf -P "$door/inet/smtpd_sender_restrictions=reject_sender_login_mismatch"
done

# A lab that was opened a moment ago is still learning whom to trust.
timeout 90 sh -c 'until curl -sf -o /dev/null https://acme.nic.test/dir; do sleep 0.3; done'
certbot certonly --standalone -n --agree-tos -m "postmaster@$domain" -d "mail.$domain"
rm /etc/cron.d/certbot
echo '17 4 * * 1 /usr/bin/certbot -q renew --deploy-hook "service postfix reload; service dovecot reload"' | crontab -
live=/etc/letsencrypt/live/mail.$domain
postconf -e "smtpd_tls_chain_files = $live/privkey.pem, $live/fullchain.pem"
printf 'ssl_server_cert_file = %s/fullchain.pem\nssl_server_key_file = %s/privkey.pem\n' "$live" "$live" >> /etc/dovecot/local.conf
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
postfix stop
thief=$(grep client= /var/log/mail.log | grep -o 'sasl_username=[^ ]*' | cut -d= -f2 | sort | uniq -c | sort -n | awk 'END { print $2 }')
chpasswd <<<"$thief:$(openssl rand -hex 12)"
mailq | tail -n +2 | awk -v who="$thief@$(hostname -d)" 'BEGIN { RS = "" } index($0, " " who "\n") { print $1 }' | tr -d '*!' | postsuper -d -
service postfix start
postqueue -f
