#!/bin/bash
# fails: certificate old-served
# after: solution
# Who copies the certificate to where the services find it, once and by hand: in two months the copy ends.
set -e
# The certificate is asked for anew: the authority of this lab may be another one than the solution had.
timeout 90 sh -c 'until curl -sf -o /dev/null https://acme.nic.test/dir; do sleep 0.3; done'
rm -rf /etc/letsencrypt/accounts
certbot certonly --standalone -n --agree-tos -m root@example.org --force-renewal -d "$(hostname -f)"
install -d /etc/ssl/mail
cp -L "/etc/letsencrypt/live/$(hostname -f)/"{fullchain,privkey}.pem /etc/ssl/mail/
sed -i "s#/etc/letsencrypt/live/$(hostname -f)#/etc/ssl/mail#" /etc/dovecot/local.conf
postconf -e smtpd_tls_cert_file=/etc/ssl/mail/fullchain.pem smtpd_tls_key_file=/etc/ssl/mail/privkey.pem
service dovecot restart
service postfix reload
