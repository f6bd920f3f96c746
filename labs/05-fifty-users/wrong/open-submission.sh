#!/bin/bash
# fails: submission relay-without-login
# after: solution
# A beginner whose own test was refused, and who declares all networks friends of this door instead of logging in.
set -e
postconf -P 'submission/inet/mynetworks=0.0.0.0/0,[::]/0' \
  'submission/inet/smtpd_relay_restrictions=permit_mynetworks,permit_sasl_authenticated,reject'
service postfix reload
