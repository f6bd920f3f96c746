#!/bin/bash
# fails: dmarc no-dmarc
# after: solution
# A beginner who puts the record at NAME.test, beside SPF. Nobody looks there.
# on: desk
set -e
domain=$(hostname -d)
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update delete _dmarc.$domain. TXT
update add $domain. 300 TXT "v=DMARC1; p=reject; rua=mailto:dmarc-reports@$domain"
send
END
