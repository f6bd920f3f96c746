#!/bin/bash
# What a good participant types on the desk, task by task.
# on: desk
set -e
domain=$(hostname -d)
. /srv/slips/server.txt
. /srv/slips/dns.txt

# --- a-name-for-the-server --------------------------------------------------------------------------------
# The name under which the PTR of an address stands: dig shows it in its question.
reverse_name() { dig -x "$1" | awk '/^;.*PTR/ { print substr($1, 2) }'; }

nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update add $name. 300 A $ipv4
update add $name. 300 AAAA $ipv6
update add $domain. 300 MX 10 $name.
send
END
for address in "$ipv4" "$ipv6"; do
  nsupdate -k ~/registrar.key <<END
server ns.nic.test
update add $(reverse_name "$address") 300 PTR $name.
send
END
done

# --- ask-the-dns ------------------------------------------------------------------------------------------
read -r preference exchanger < <(dig +short "$mx" MX | sort -n)
answer ask-the-dns preference "$preference"
answer ask-the-dns exchanger "$exchanger"

record=$(dig +short "$spf" TXT | grep spf1)
answer ask-the-dns spf "$record"
case $record in
  *-all\") answer ask-the-dns strangers refuse ;;
  *~all\") answer ask-the-dns strangers suspect ;;
  *\?all\") answer ask-the-dns strangers nothing ;;
  *) answer ask-the-dns strangers silent ;;
esac

host=$(dig +short "$reverse" MX | sort -n | head -1 | cut -d' ' -f2)
case $family in IPv4) type=A ;; IPv6) type=AAAA ;; esac
address=$(dig +short "$host" "$type")
answer ask-the-dns address "$address"
answer ask-the-dns reverse "$(dig +short -x "$address")"
