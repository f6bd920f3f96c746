#!/bin/bash
# fails: a-name-for-the-server no-ptr-ipv4
# after: start
# The names are there, the way back is forgotten: nobody told the beginner about PTR.
# on: desk
set -e
domain=$(hostname -d)
. /srv/slips/server.txt
say() { printf '%s\n' 'server ns.nic.test' "$@" send | nsupdate -k ~/registrar.key; }
pointer() { dig -x "$1" | awk '/^;.*PTR/ { print substr($1, 2) }'; }
say "update add $name. 300 A $ipv4" "update add $name. 300 AAAA $ipv6" "update add $domain. 300 MX 10 $name."
