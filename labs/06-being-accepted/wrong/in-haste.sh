#!/bin/bash
# fails: three-a-second too-fast
# after: solution
# Who made the slow transport and forgot to send anything through it.
set -e
postconf -X transport_maps
service postfix reload
while read -r guest; do
  mail -s 'Come to our summer party' -r "sasha@$(hostname -d)" "$guest" <<< 'On Saturday, at six, in the yard.'
done < /root/invited.txt
# Until some wait, with the reason why.
for i in $(seq 60); do grep -q 'AGR_10[49]' /var/log/mail.log && break; sleep 0.5; done
