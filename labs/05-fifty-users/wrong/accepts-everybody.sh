#!/bin/bash
# fails: fifty-accounts unknown-accepted
# after: solution
# From an old tutorial: an empty local_recipient_maps, «so that no mail is lost». It bounces later instead.
set -e
postconf -e 'local_recipient_maps ='
service postfix reload
