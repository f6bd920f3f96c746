#!/bin/bash
# fails: reverse-names ptr-ipv4
# after: solution
# Who mended IPv6 and deleted the wrong PTR while at it.
# on: desk
set -e
domain=$(hostname -d)
reverse_name() { dig -x "$1" | awk '/^;.*PTR/ { print substr($1, 2) }'; }
name=$(reverse_name "$(dig +short A "mail.$domain")")
nsupdate -k ~/registrar.key <<END
server ns.nic.test
update delete $name PTR
send
END
