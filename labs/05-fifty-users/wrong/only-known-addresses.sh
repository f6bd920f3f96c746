#!/bin/bash
# fails: nobody-writes-as-another foreign-accepted
# fails: redirections no-copy
# after: solution
# The gentle variant of the restriction: whoever is at another provider may be impersonated. And a .forward that names
# the other address alone, so that the person's own mailbox stays empty.
set -e
for door in submission submissions; do
  postconf -P "$door/inet/smtpd_sender_restrictions=reject_known_sender_login_mismatch"
done
sed -i 's/^\\[^,]*, *//' /home/*/.forward
service postfix reload
