#!/bin/bash
# fails: checked-tls wrong-sts
# after: solution
# Who serves the policy over HTTP only. Whoever can forge the mail’s path can forge that too.
set -e
rm /etc/nginx/sites-enabled/mta-sts
service nginx restart
