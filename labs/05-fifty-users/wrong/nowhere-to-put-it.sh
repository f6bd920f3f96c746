#!/bin/bash
# fails: mail-arrives bounced
# after: solution
# Who moves the mailboxes to a place that nobody may write to yet: accepted at the door, then sent back.
set -e
mkdir -p /srv/mail
postconf -e 'home_mailbox =' 'mail_spool_directory = /srv/mail/'
service postfix reload
