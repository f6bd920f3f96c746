#!/bin/bash
# fails: dkim same-key
# after: solution
# A cheater at rotating: the old key under a new selector. Whoever had stolen it has it still.
set -e
domain=$(hostname -d)
mail -s 'Before' -r "sasha@$domain" you@grosmail.test <<< 'Signed in winter.'
for i in $(seq 60); do grep -q 'to=<you@grosmail.test>.*status=sent' /var/log/mail.log && break; sleep 0.5; done
cp -p /etc/dkimkeys/winter.private /etc/dkimkeys/spring.private
sed -i 's/winter/spring/' /etc/opendkim.conf
service opendkim restart

# on: desk
set -e
domain=$(hostname -d)
key=$(dig +short TXT "winter._domainkey.$domain")
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update add spring._domainkey.$domain. 300 TXT $key
send
END
