#!/bin/bash
# fails: certificate no-renewal
# after: solution
# Who writes the job themselves and calls it renew.sh: run-parts passes over names with a dot.
set -e
# The certificate is asked for anew: the authority of this lab may be another one than the solution had.
timeout 90 sh -c 'until curl -sf -o /dev/null https://acme.nic.test/dir; do sleep 0.3; done'
rm -rf /etc/letsencrypt/accounts
certbot certonly --standalone -n --agree-tos -m root@example.org --force-renewal -d "$(hostname -f)"
rm /etc/cron.d/certbot
printf '#!/bin/sh\ncertbot -q renew\n' > /etc/cron.daily/renew.sh
chmod 755 /etc/cron.daily/renew.sh
