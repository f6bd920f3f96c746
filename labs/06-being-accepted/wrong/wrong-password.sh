#!/bin/bash
# fails: outgoing-gateway not-arrived
# after: solution
# Who mistyped the gateway’s password: the secretary’s letters wait in the queue.
set -e
sed -i 's/$/x/' /etc/postfix/gateway-password
postmap hash:/etc/postfix/gateway-password
service postfix reload
