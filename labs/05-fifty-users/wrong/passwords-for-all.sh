#!/bin/bash
# fails: fifty-accounts forbidden-changed
# after: solution
# The commonest one: «useradd may fail, never mind», and then every line's password is set, the system's too.
set -e
while IFS=';' read -r login name password; do
  login=$(LC_ALL=C.UTF-8 iconv -f UTF-8 -t ASCII//TRANSLIT <<<"$login" | tr A-Z a-z)
  useradd --create-home --comment "$name" "$login" 2>/dev/null || true
  echo "$login:$password" | chpasswd
done < /root/accounts.csv
