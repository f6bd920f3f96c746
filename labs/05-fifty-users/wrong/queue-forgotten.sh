#!/bin/bash
# fails: i-am-spamming spam-left
# fails: read-the-logs wrong-answer
# after: solution
# The account is shut, and what it left in the queue goes on leaving for five days. And «for now» is taken for «for good».
# on: desk
rehearsal

# on: server
set -e
until [ "$(postqueue -j | grep -c slow-)" -ge 2 ]; do sleep 0.5; done
thief=$(sed -n 's/.*client=.*sasl_username=//p' /var/log/mail.log | tail -1)
echo "$thief:$(openssl rand -hex 12)" | chpasswd
service postfix restart
hour=$(grep -o 'T0.:.*status=deferred' /root/one-night.log | cut -c3 | tail -1)
answer read-the-logs "hour-$hour" refused
