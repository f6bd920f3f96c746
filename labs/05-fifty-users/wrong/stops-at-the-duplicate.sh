#!/bin/bash
# fails: fifty-accounts missing-accounts
# after: solution
# A beginner's script with «set -e»: adduser refuses the line that is there twice, and the rest is never made.
set -e
duplicate=$(sort /root/accounts.csv | uniq -d)
while IFS= read -r line; do
  [ "$line" = "$duplicate" ] && break
  login=$(cut -d';' -f1 <<<"$line" | LC_ALL=C.UTF-8 iconv -f UTF-8 -t ASCII//TRANSLIT | tr A-Z a-z)
  if [ "$(id -u "$login" 2>/dev/null || echo 0)" -ge 1000 ]; then deluser --quiet --remove-home "$login"; fi
done < <(tac /root/accounts.csv)
