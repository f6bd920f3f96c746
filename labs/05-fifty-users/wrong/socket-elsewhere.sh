#!/bin/bash
# fails: submission no-answer
# after: solution
# A socket that Postfix may not open, mode 0600 and root's: the door then hangs up on everybody.
set -e
sed -i -e 's/mode = 0660/mode = 0600/' -e '/user = postfix/d' -e '/group = postfix/d' /etc/dovecot/local.conf
service dovecot restart
