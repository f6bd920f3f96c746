#!/bin/bash
# fails: dmarc forgery-taken
# after: solution
# Who stays at p=none for ever: forgers are watched, and their mail is taken.
# on: desk
set -e
domain=$(hostname -d)
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update delete _dmarc.$domain. TXT
update add _dmarc.$domain. 300 TXT "v=DMARC1; p=none; rua=mailto:dmarc-reports@$domain"
send
END
