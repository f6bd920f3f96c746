#!/bin/bash
# fails: dkim short-key
# after: solution
# Who follows an old page: 1024 bits fit into one string of a TXT record, and that was the reason.
set -e
domain=$(hostname -d)
show() { setsid timeout 60 nc -lN 7000 < "$1" > /dev/null 2>&1 & }
cd /etc/dkimkeys
opendkim-genkey -b 1024 -d "$domain" -s spring
chown opendkim:opendkim spring.private
sed -i 's/winter/spring/' /etc/opendkim.conf
service opendkim restart
show spring.txt

# on: desk
set -e
domain=$(hostname -d)
copied() { for i in $(seq 50); do nc -N "mail.$domain" 7000 < /dev/null && return; sleep 0.1; done; return 1; }
key=$(copied | grep -o '"[^"]*"' | tr '\n' ' ')
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update add spring._domainkey.$domain. 300 TXT $key
send
END
