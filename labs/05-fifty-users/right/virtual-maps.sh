#!/bin/bash
# after: start
# Another way of being right: the domain is a virtual one, its maps name the system's users, their ids and
# their homes; an address is not the same thing as an account, and only who is in the map has one.
set -e
export DEBIAN_FRONTEND=noninteractive
domain=$(hostname -d)

apt-get update
apt-get install -y postfix dovecot-imapd ssl-cert

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
service dovecot restart
service postfix restart
