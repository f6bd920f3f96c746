#!/bin/bash
# fails: fifty-accounts unknown-accepted
# fails: no-open-relay open-relay
# after: solution
# From an old tutorial: an empty local_recipient_maps, «so that no mail is lost», which bounces later instead. And «mail
# to grosmail.test must go out, so I write it into relay_domains», which means: let anybody send there.
set -e
postconf -e 'local_recipient_maps =' 'relay_domains = grosmail.test'
service postfix reload
