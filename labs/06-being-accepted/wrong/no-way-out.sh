#!/bin/bash
# fails: outgoing-gateway own-address
# after: solution
# Who made the map of senders and didn’t tell Postfix.
set -e
postconf -X sender_dependent_relayhost_maps
service postfix reload
