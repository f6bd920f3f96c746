#!/bin/bash
# fails: i-am-spamming others-lost
# fails: read-the-logs unanswered
# after: solution
# In a hurry: the whole queue is emptied, with what the others wrote. And of the night, an hour is left out.
# on: desk
rehearsal

# on: server
set -e
until [ "$(postqueue -j | grep -c slow-)" -ge 2 ]; do sleep 0.5; done
thief=$(sed -n 's/.*client=.*sasl_username=//p' /var/log/mail.log | tail -1)
service postfix stop
echo "$thief:$(openssl rand -hex 12)" | chpasswd
postsuper -d ALL
service postfix start
answer read-the-logs hour-4 ''
