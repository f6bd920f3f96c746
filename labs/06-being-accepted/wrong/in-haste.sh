#!/bin/bash
# fails: three-a-second too-fast
# after: solution
# Who made the slow transport and forgot to send anything through it.
set -e
postconf -X transport_maps
service postfix reload
