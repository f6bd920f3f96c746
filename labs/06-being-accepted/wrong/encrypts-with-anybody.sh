#!/bin/bash
# fails: checked-tls sends-to-impostor
# after: solution
# Who has all promises published and asks nobody for theirs: may encrypts, to whoever is there.
set -e
postconf -e 'smtp_tls_security_level = may'
service postfix reload
