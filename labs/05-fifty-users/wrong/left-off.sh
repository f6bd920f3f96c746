#!/bin/bash
# fails: i-am-spamming stopped
# after: solution
# «First reflex: switch the server off», and nothing after it.
# on: desk
rehearsal

# on: server
set -e
until [ "$(postqueue -j | grep -c slow-)" -ge 2 ]; do sleep 0.5; done
thief=$(sed -n 's/.*client=.*sasl_username=//p' /var/log/mail.log | tail -1)
service postfix stop
echo "$thief:$(openssl rand -hex 12)" | chpasswd
postqueue -j | grep "$thief@" | grep -o '"queue_id": "[^"]*' | cut -d'"' -f4 | postsuper -d -
