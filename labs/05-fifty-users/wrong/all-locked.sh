#!/bin/bash
# fails: i-am-spamming others-shut
# fails: imap-over-tls login-refused
# after: solution
# A panic: all passwords are locked, so the thief's too.
# on: desk
rehearsal

# on: server
set -e
until [ "$(postqueue -j | grep -c slow-)" -ge 2 ]; do sleep 0.5; done
thief=$(sed -n 's/.*client=.*sasl_username=//p' /var/log/mail.log | tail -1)
service postfix stop
awk -F: '$3 >= 1000 && $3 < 60000 { print $1 }' /etc/passwd | while read -r login; do passwd -q -l "$login"; done
postqueue -j | grep "$thief@" | grep -o '"queue_id": "[^"]*' | cut -d'"' -f4 | postsuper -d -
service postfix start
