#!/bin/bash
# fails: reverse-names ptr-ipv6
# after: solution
# A beginner who gives the address the domain’s name: NAME.test has no AAAA record, so it leads nowhere.
# on: desk
set -e
domain=$(hostname -d)
reverse_name() { dig -x "$1" | awk '/^;.*PTR/ { print substr($1, 2) }'; }
name=$(reverse_name "$(dig +short AAAA "mail.$domain")")
nsupdate -k ~/registrar.key <<END
server ns.nic.test
update delete $name PTR
update add $name 300 PTR $domain.
send
END
