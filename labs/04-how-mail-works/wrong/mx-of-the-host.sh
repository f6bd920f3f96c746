#!/bin/bash
# fails: a-name-for-the-server no-mx
# after: start
# The MX was given to the host instead of the domain: mail for sasha@mail.you.test, then.
# on: desk
set -e
domain=$(hostname -d)
. /srv/slips/server.txt
say() { printf '%s\n' 'server ns.nic.test' "$@" send | nsupdate -k ~/registrar.key; }
pointer() { dig -x "$1" | awk '/^;.*PTR/ { print substr($1, 2) }'; }
say "update add $name. 300 A $ipv4" "update add $name. 300 AAAA $ipv6" "update add $name. 300 MX 10 $name."
