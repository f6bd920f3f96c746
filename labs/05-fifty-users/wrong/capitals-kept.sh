#!/bin/bash
# fails: fifty-accounts second-account
# after: solution
# Who takes the accents off and leaves the capitals: CAMILLE becomes somebody beside camille.
set -e
while IFS=';' read -r login name password; do
  login=$(LC_ALL=C.UTF-8 iconv -f UTF-8 -t ASCII//TRANSLIT <<<"$login")
  getent passwd "$login" >/dev/null && continue
  adduser --quiet --disabled-password --comment "$name" "$login"
done < /root/accounts.csv
