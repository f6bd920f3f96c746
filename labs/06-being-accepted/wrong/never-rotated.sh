#!/bin/bash
# fails: dkim not-rotated
# after: solution
# Who makes one key, sees that it passes, and takes the second one for a formality: published it was, and never signed.
# on: desk
set -e
domain=$(hostname -d)
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update delete autumn._domainkey.$domain. TXT
send
END
