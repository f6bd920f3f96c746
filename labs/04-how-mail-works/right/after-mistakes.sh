#!/bin/bash
# after: start
# Another way of being right: everything wrong at first, as an alias and with a neighbour's address, then mended.
# on: desk
set -e
domain=$(hostname -d)
. /srv/slips/server.txt
. /srv/slips/dns.txt
say() { printf '%s\n' 'server ns.nic.test' "$@" send | nsupdate -k ~/registrar.key; }
pointer() { dig -x "$1" +noall +question | awk '{ sub(/^;/, ""); print $1 }'; }

say "update add $domain. 300 A $ipv4" "update add $name. 300 CNAME $domain." "update add $domain. 300 MX 10 $ipv4."
say "update delete $name. CNAME" "update delete $domain. MX"
say "update add $name. 300 A 198.18.0.99"
say "update delete $name. A" "update add $name. 300 A $ipv4" "update add $name. 300 AAAA $ipv6"
say "update add $domain. 300 MX 0 $name."
say "update add $(pointer "$ipv4") 300 PTR $domain."
say "update delete $(pointer "$ipv4") PTR" "update add $(pointer "$ipv4") 300 PTR $name."
say "update add $(pointer "$ipv6") 300 PTR $name."

answer ask-the-dns preference 99
read -r preference exchanger < <(dig +short @ns.nic.test "$mx" MX | sort -n)
answer ask-the-dns preference "$preference"
answer ask-the-dns exchanger "${exchanger%.}"
record=$(dig +short @ns.nic.test "$spf" TXT | grep spf1 | tr -d '"')
answer ask-the-dns spf "$record"
declare -A means=([-]=refuse [~]=suspect [?]=nothing)
all=$(grep -o '[-~?]all$' <<<"$record" || true)
answer ask-the-dns strangers "${means[${all:0:1}]:-silent}"
[ "$family" = IPv4 ] && type=A || type=AAAA
address=$(dig +short "$(dig +short "$reverse" MX | sort -n | awk 'NR == 1 { print $2 }')" $type)
answer ask-the-dns address "$address"
answer ask-the-dns reverse "$(dig +short -x "$address" | sed 's/\.$//')"
