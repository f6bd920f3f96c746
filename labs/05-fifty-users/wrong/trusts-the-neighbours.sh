#!/bin/bash
# fails: no-open-relay open-relay
# after: solution
# mynetworks_style = subnet, as old examples have it: in a data centre the subnet is full of strangers.
set -e
postconf -X mynetworks
postconf -e 'mynetworks_style = subnet'
service postfix restart
