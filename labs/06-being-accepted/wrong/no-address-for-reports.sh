#!/bin/bash
# fails: dmarc no-reports
# after: solution
# Who wants forgeries refused and no mail about it: an own server that was forgotten would never be found.
# on: desk
set -e
domain=$(hostname -d)
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update delete _dmarc.$domain. TXT
update add _dmarc.$domain. 300 TXT "v=DMARC1; p=reject"
send
END
