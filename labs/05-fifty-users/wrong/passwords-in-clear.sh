#!/bin/bash
# fails: imap-over-tls cleartext-accepted
# after: solution
# Who makes an old mail program work by allowing what it asks for.
set -e
sed -i -e 's/^ssl = .*/ssl = yes/' -e 's/^auth_allow_cleartext = .*/auth_allow_cleartext = yes/' /etc/dovecot/local.conf
service dovecot restart
