#!/bin/bash
# fails: certificate not-trusted
# after: solution
# Who leaves Debian's own certificate in Postfix, since «it is encrypted all the same»: nobody vouches for it.
set -e
postconf -e 'smtpd_tls_cert_file = /etc/ssl/certs/ssl-cert-snakeoil.pem' 'smtpd_tls_key_file = /etc/ssl/private/ssl-cert-snakeoil.key'
service postfix reload
