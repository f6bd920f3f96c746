#!/bin/bash
# fails: no-open-relay refuses-everyone
# after: solution
# A cheater: who refuses everything is no open relay.
set -e
postconf -e 'smtpd_client_restrictions = reject'
service postfix reload
