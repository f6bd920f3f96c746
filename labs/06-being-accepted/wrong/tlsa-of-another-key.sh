#!/bin/bash
# fails: checked-tls wrong-tlsa
# after: solution
# Who computed the TLSA record before the certificate was changed.
# on: desk
set -e
domain=$(hostname -d)
digest=$(sha256sum < /etc/hostname | cut -d" " -f1)
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update delete _25._tcp.mail.$domain. TLSA
update add _25._tcp.mail.$domain. 300 TLSA 3 1 1 $digest
send
END
