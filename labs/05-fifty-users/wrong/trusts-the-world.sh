#!/bin/bash
# fails: no-open-relay open-relay
# after: solution
# The classic: «my laptop is refused, so I add all networks».
set -e
postconf -e 'mynetworks = 0.0.0.0/0 [::]/0'
service postfix restart
