#!/bin/bash
# after: start
# Another way of being right: the mailboxes live under /var/mail/maildirs, one folder a person, and not in the
# homes, so that a disk of their own can be mounted there. Debian's defaults decide who may relay (454).
set -e
export DEBIAN_FRONTEND=noninteractive
domain=$(hostname -d)

apt-get update
apt-get install -y postfix dovecot-imapd ssl-cert

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
newaliases
cat > /etc/dovecot/conf.d/99-ours.conf <<'END'
mail_driver = maildir
mail_path = /var/mail/maildirs/%{user}
mail_inbox_path = /var/mail/maildirs/%{user}
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
service dovecot restart
service postfix restart
