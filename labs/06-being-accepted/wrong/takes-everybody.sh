#!/bin/bash
# fails: no-backscatter accepts-unknown
# after: solution
# A catch-all «so that no mail is lost»: unknown names are taken and land with one person.
set -e
postconf -e 'local_recipient_maps =' 'luser_relay = sasha'
service postfix reload
