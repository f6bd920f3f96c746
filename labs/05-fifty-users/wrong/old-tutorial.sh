#!/bin/bash
# fails: mail-arrives no-ipv6
# fails: submission no-465
# after: solution
# Who follows a tutorial that begins with «first, switch IPv6 off», and says that 465 is obsolete. It was, from 1998 to
# 2018 (RFC 8314).
set -e
postconf -e 'inet_protocols = ipv4'
postconf -MX submissions/inet
service postfix restart
