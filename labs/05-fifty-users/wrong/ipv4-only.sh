#!/bin/bash
# fails: mail-arrives no-ipv6
# after: solution
# Who follows a tutorial that begins with «first, switch IPv6 off».
set -e
postconf -e 'inet_protocols = ipv4'
service postfix restart
