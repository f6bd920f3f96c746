#!/bin/bash
# fails: spf spf-forgets-us
# fails: outgoing-gateway spf-without-gateway
# after: solution
# Who writes the one address that they know by heart: IPv6 is left out, and the gateway too.
# on: desk
set -e
domain=$(hostname -d)
ipv4=$(dig +short A "mail.$domain")
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update delete $domain. TXT
update add $domain. 300 TXT "v=spf1 ip4:$ipv4 -all"
send
END
