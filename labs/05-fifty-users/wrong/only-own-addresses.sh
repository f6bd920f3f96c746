#!/bin/bash
# fails: nobody-writes-as-another second-refused
# fails: redirections refused
# after: solution
# Who does the fifty accounts and never reads the second list to its first lines; newaliases forgotten, too.
set -e
postconf -e 'smtpd_sender_login_maps = regexp:/etc/postfix/own-address'
cp /etc/aliases /tmp/aliases
head -3 /tmp/aliases > /etc/aliases
newaliases
cp /tmp/aliases /etc/aliases
service postfix reload
