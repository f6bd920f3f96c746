#!/bin/bash
# fails: a-name-for-the-server wrong-a
# after: start
# The address of the desk, on which one sits, instead of that of the server.
# on: desk
set -e
domain=$(hostname -d)
. /srv/slips/server.txt
say() { printf '%s\n' 'server ns.nic.test' "$@" send | nsupdate -k ~/registrar.key; }
pointer() { dig -x "$1" | awk '/^;.*PTR/ { print substr($1, 2) }'; }
desk=$(ip -4 -o addr show eth0 | awk '{ sub("/.*", "", $4); print $4 }')
say "update add $name. 300 A $desk" "update add $name. 300 AAAA $ipv6" "update add $domain. 300 MX 10 $name."
