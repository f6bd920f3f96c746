#!/bin/bash
# after: start
# Another way of being right: each zone named, AAAA before A, another preference and TTL, a subdomain besides; host
# and getent instead of dig, answers in capitals and with a long IPv6 address.
# on: desk
set -e
domain=$(hostname -d)
. /srv/slips/server.txt
. /srv/slips/dns.txt
pointer() { python3 -c "import ipaddress, sys; print(ipaddress.ip_address(sys.argv[1]).reverse_pointer)" "$1"; }
in_zone() { printf '%s\n' 'server ns.nic.test' "zone $1" "${@:2}" send | nsupdate -k ~/registrar.key; }

in_zone "$domain" "update add $name 60 AAAA $ipv6"
in_zone "$domain" "update add $name 60 A $ipv4" "update add www.$domain 60 CNAME $name"
in_zone "$domain" "update add $domain 60 MX 5 $name"
in_zone 8.b.d.0.1.0.0.2.ip6.arpa "update add $(pointer "$ipv6") 60 PTR $name"
p=$(pointer "$ipv4")
in_zone "${p#*.*.}" "update add $p 60 PTR $name"

read -r _ _ _ _ _ preference exchanger < <(host -t MX "$mx" | sort -nk6)
answer ask-the-dns preference "$preference.0"
answer ask-the-dns exchanger "${exchanger^^}"
record=$(host -t TXT "$spf" | sed -n 's/.*"\(v=spf1.*\)".*/\1/p')
answer ask-the-dns spf "$record"
answer ask-the-dns strangers "$(case $record in *-all) echo refuse ;; *~all) echo suspect ;; *\?all) echo nothing ;; *) echo silent ;; esac)"
target=$(host -t MX "$reverse" | sort -nk6 | awk 'NR == 1 { print $NF }')
address=$(getent "ahosts${family/IP/}" "$target" | awk '{ print $1; exit }')
answer ask-the-dns address "$(python3 -c "import ipaddress, sys; print(ipaddress.ip_address(sys.argv[1]).exploded)" "$address" | sed 's/^0*//')"
answer ask-the-dns reverse "$(host "$address" | awk '{ print $NF }' | tr a-z A-Z)"
