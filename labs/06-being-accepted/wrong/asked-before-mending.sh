#!/bin/bash
# fails: off-the-blocklist still-spamming
# after: start
# Who fills in the form first and looks for the cause later.
set -e
for i in $(seq 120); do grep -q 'to=<trap-.*status=sent' /var/log/mail.log && break; sleep 0.5; done

# on: desk
set -e
domain=$(hostname -d)
for address in $(dig +short A "mail.$domain") $(dig +short AAAA "mail.$domain"); do
  curl -sS -X POST "http://blocklist.test/$address" | head -3
done
