#!/bin/bash
# fails: a-name-for-the-server no-ptr-ipv6
# after: start
# One address has its way back, the other was forgotten: the usual case at hosting companies.
# on: desk
set -e
domain=$(hostname -d)
. /srv/slips/server.txt
say() { printf '%s\n' 'server ns.nic.test' "$@" send | nsupdate -k ~/registrar.key; }
pointer() { dig -x "$1" | awk '/^;.*PTR/ { print substr($1, 2) }'; }
say "update add $name. 300 A $ipv4" "update add $name. 300 AAAA $ipv6" "update add $domain. 300 MX 10 $name."
say "update add $(pointer "$ipv4") 300 PTR $name."
