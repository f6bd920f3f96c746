#!/bin/bash
# fails: mail-arrives refused
# after: solution
# A beginner who keeps Debian's mydestination: mail.NAME.test is there, NAME.test is not.
set -e
postconf -e 'mydestination = $myhostname, localhost.$mydomain, localhost'
service postfix reload
