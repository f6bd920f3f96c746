#!/bin/bash
# fails: three-a-second not-arrived
# after: solution
# Who takes no risk: one message a minute. A member’s mail to six people takes that many minutes.
set -e
postconf -e 'slow_destination_rate_delay = 60s'
service postfix reload
