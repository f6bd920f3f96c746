#!/bin/bash
# fails: spf no-spf
# fails: outgoing-gateway spf-without-gateway
# after: solution
# A beginner who publishes SPF for the server’s name: the addresses are @NAME.test, and there is nothing there.
# on: desk
set -e
domain=$(hostname -d)
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update delete $domain. TXT
update delete mail.$domain. TXT
update add mail.$domain. 300 TXT "v=spf1 mx include:relais.test -all"
send
END
