#!/bin/bash
# fails: certificate not-reloaded
# after: solution
# Who thinks of Postfix, and not of Dovecot: in two months the mail programs warn all fifty at once.
set -e
# The certificate is asked for anew: the authority of this lab may be another one than the solution had.
timeout 90 sh -c 'until curl -sf -o /dev/null https://acme.nic.test/dir; do sleep 0.3; done'
rm -rf /etc/letsencrypt/accounts
certbot certonly --standalone -n --agree-tos -m root@example.org --force-renewal -d "$(hostname -f)"
sed -i '/dovecot/d' /etc/letsencrypt/renewal-hooks/deploy/mail-services
