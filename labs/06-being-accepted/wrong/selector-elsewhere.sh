#!/bin/bash
# fails: dkim dkim-fails
# after: solution
# A beginner who puts the key at SELECTOR.NAME.test and forgets the _domainkey between.
# on: desk
set -e
domain=$(hostname -d)
key=$(dig +short TXT "winter._domainkey.$domain")
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update delete winter._domainkey.$domain. TXT
update add winter.$domain. 300 TXT $key
send
END
