#!/bin/bash
# fails: ask-the-dns unanswered
# after: start
# Only the first slip was looked at.
# on: desk
set -e
. /srv/slips/dns.txt
read -r preference exchanger < <(dig +short "$mx" MX | sort -n)
answer ask-the-dns preference "$preference"
answer ask-the-dns exchanger "$exchanger"
