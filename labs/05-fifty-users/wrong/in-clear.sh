#!/bin/bash
# fails: imap-over-tls cleartext-accepted
# fails: submission auth-on-25
# after: solution
# Who makes an old mail program work by allowing what it asks for: a password in clear on 143, and AUTH in main.cf, for
# every door, as tutorials of 2009 have it.
set -e
sed -i -e 's/^ssl = .*/ssl = yes/' -e 's/^auth_allow_cleartext = .*/auth_allow_cleartext = yes/' /etc/dovecot/local.conf
postconf -e 'smtpd_sasl_auth_enable = yes' 'smtpd_tls_auth_only = no'
service dovecot restart
service postfix reload
