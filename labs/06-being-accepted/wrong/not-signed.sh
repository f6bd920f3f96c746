#!/bin/bash
# fails: checked-tls not-signed
# after: solution
# Who has a TLSA record in a zone for which the registry vouches no more.
# on: desk
set -e
domain=$(hostname -d)
secret=$(sed -n 's/.*secret "\(.*\)";/\1/p' ~/registrar.key)
curl -sSf -u "$domain:$secret" -X DELETE "https://api.nic.test/domains/$domain/ds"
