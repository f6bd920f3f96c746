#!/bin/bash
# fails: reverse-names ptr-ipv6
# after: solution
# Who wants to be rid of IPv6 and takes the AAAA record out: the server goes on sending over IPv6, from a name that does
# not lead back.
# on: desk
set -e
domain=$(hostname -d)
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update delete mail.$domain. AAAA
send
END
