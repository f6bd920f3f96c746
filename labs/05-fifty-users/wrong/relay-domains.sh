#!/bin/bash
# fails: no-open-relay open-relay
# after: solution
# «Mail to grosmail.test must go out, so I write it into relay_domains», which means: let anybody send there.
set -e
postconf -e 'relay_domains = grosmail.test'
service postfix reload
