#!/bin/bash
# fails: nobody-writes-as-another forged-accepted
# fails: redirections loop
# after: solution
# Who sets it on 587 and forgets 465. And the person on leave has asked to be told of what her reader gets: a circle.
set -e
postconf -PX submissions/inet/smtpd_sender_restrictions
IFS=';' read -r away people < <(sed -n 3p /root/redirections.csv)
reader=${people#*,}
echo "$away@$(hostname -d)" >> "/home/$reader/.forward"
service postfix reload
