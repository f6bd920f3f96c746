#!/bin/bash
# fails: no-open-relay open-relay
# after: solution
# Who lets pass whatever says that it comes from the own domain. Anybody can say so.
set -e
echo "$(hostname -d) OK" > /etc/postfix/ours
postmap hash:/etc/postfix/ours
postconf -e 'smtpd_relay_restrictions = permit_mynetworks, check_sender_access hash:/etc/postfix/ours, reject_unauth_destination'
service postfix reload
