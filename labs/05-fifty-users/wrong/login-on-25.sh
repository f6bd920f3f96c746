#!/bin/bash
# fails: submission auth-on-25
# after: solution
# A tutorial of 2009: AUTH switched on in main.cf, for every door, and in clear text.
set -e
postconf -e 'smtpd_sasl_auth_enable = yes' 'smtpd_tls_auth_only = no'
service postfix reload
