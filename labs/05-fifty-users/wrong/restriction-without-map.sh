#!/bin/bash
# fails: nobody-writes-as-another own-refused
# after: solution
# A beginner who sets the restriction and no map: then no address is anybody's.
set -e
postconf -e 'smtpd_sender_login_maps ='
service postfix reload
