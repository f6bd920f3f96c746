#!/bin/bash
# fails: ask-the-dns wrong-answer
# after: start
# The name in the QUESTION SECTION was taken for the answer.
# on: desk
set -e
. /srv/slips/dns.txt
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
answer ask-the-dns reverse "$(dig -x "$address" | awk '/^;.*PTR/ { print substr($1, 2) }')"
