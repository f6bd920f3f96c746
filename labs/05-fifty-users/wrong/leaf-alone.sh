#!/bin/bash
# fails: certificate chain-incomplete
# after: solution
# A beginner who takes cert.pem, by its name the right file: the intermediate certificate is missing.
set -e
# The certificate is asked for anew: the authority of this lab may be another one than the solution had.
timeout 90 sh -c 'until curl -sf -o /dev/null https://acme.nic.test/dir; do sleep 0.3; done'
rm -rf /etc/letsencrypt/accounts
certbot certonly --standalone -n --agree-tos -m root@example.org --force-renewal -d "$(hostname -f)"
sed -i 's/fullchain.pem/cert.pem/' /etc/dovecot/local.conf
postconf -e "smtpd_tls_cert_file = /etc/letsencrypt/live/$(hostname -f)/cert.pem"
service dovecot restart
service postfix reload
