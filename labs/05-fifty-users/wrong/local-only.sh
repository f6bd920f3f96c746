#!/bin/bash
# fails: mail-arrives nothing-listens
# after: solution
# Who chose «Local only» in the questions of Debian's package, or copied it from a web server's tutorial.
set -e
postconf -e 'inet_interfaces = loopback-only'
service postfix restart
