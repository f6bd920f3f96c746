#!/bin/bash
# fails: spf spf-broken
# after: solution
# Who adds a second record for the gateway instead of a word in the first one. Two count as none.
# on: desk
set -e
domain=$(hostname -d)
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update delete $domain. TXT
update add $domain. 300 TXT "v=spf1 mx -all"
update add $domain. 300 TXT "v=spf1 include:relais.test -all"
send
END
