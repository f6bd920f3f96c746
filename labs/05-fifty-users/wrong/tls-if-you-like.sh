#!/bin/bash
# fails: submission clear-auth
# after: solution
# Who wants 587 to work with everything: TLS may be there, and the password goes through without it too.
set -e
postconf -P 'submission/inet/smtpd_tls_security_level=may' 'submission/inet/smtpd_tls_auth_only=no'
service postfix reload
