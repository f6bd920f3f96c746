#!/bin/bash
# fails: off-the-blocklist still-listed
# after: start
# Who mends the cause and thinks that the list will notice.
set -e
rm /etc/cron.d/shop
pkill -f /opt/shop/newsletter || true
# Until half a minute has been quiet.
sleep 30
