#!/bin/bash
# fails: mail-arrives changed
# after: solution
# An administrator who marks mail in the subject, «so that people see where it comes from», and breaks signatures.
set -e
echo "/^Subject: (.*)/ REPLACE Subject: [$(hostname -d)] \$1" > /etc/postfix/tag
postconf -e 'header_checks = regexp:/etc/postfix/tag'
service postfix reload
