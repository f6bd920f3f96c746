#!/bin/bash
# fails: submission no-465
# after: solution
# Who read that 465 is obsolete. It was, from 1998 to 2018 (RFC 8314).
set -e
postconf -MX submissions/inet
service postfix reload
