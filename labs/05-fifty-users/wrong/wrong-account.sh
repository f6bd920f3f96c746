#!/bin/bash
# fails: i-am-spamming account-open
# fails: read-the-logs wrong-answer
# after: solution
# Who takes the first login in the log for the thief: a member who only wrote a letter, that night and today.
# on: desk
rehearsal

# on: server
set -e
until [ "$(postqueue -j | grep -c slow-)" -ge 2 ]; do sleep 0.5; done
thief=$(sed -n 's/.*client=.*sasl_username=//p' /var/log/mail.log | tail -1)
service postfix stop
member=$(sed -n 's/.*client=.*sasl_username=//p' /var/log/mail.log | head -1)
[ "$member" != "$thief" ]
echo "$member:$(openssl rand -hex 12)" | chpasswd
postqueue -j | grep "$thief@" | grep -o '"queue_id": "[^"]*' | cut -d'"' -f4 | postsuper -d -
service postfix start
answer read-the-logs account "$(grep sasl_method=PLAIN /root/one-night.log | sed 's/.*sasl_username=//')"
