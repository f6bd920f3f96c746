#!/bin/bash
# fails: spf spf-too-wide
# after: solution
# A cheater, or somebody in despair: +all, and everybody passes, forgers first.
# on: desk
set -e
domain=$(hostname -d)
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update delete $domain. TXT
update add $domain. 300 TXT "v=spf1 mx include:relais.test +all"
send
END
