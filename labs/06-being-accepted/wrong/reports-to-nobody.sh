#!/bin/bash
# fails: dmarc report-refused
# fails: checked-tls report-refused
# after: solution
# Who publishes addresses for reports and makes neither account nor alias for them.
set -e
sed -i '/-reports:/d' /etc/aliases
newaliases
