#!/bin/bash
# fails: no-backscatter refuses-bounces
# after: solution
# Who had a flood of bounces and refuses the null sender ever since.
set -e
echo '<> REJECT no bounces here' > /etc/postfix/senders
postmap hash:/etc/postfix/senders
postconf -e 'smtpd_sender_restrictions = check_sender_access hash:/etc/postfix/senders'
service postfix reload
