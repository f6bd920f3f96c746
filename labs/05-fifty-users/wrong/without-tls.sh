#!/bin/bash
# fails: imap-over-tls no-imaps
# after: solution
# Who gives up on certificates and switches TLS off.
set -e
sed -i -e 's/^ssl = .*/ssl = no/' /etc/dovecot/local.conf
service dovecot restart
