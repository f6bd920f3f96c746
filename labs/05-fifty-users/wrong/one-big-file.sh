#!/bin/bash
# fails: mail-arrives not-a-maildir
# after: solution
# A beginner who forgets the slash: «Maildir» is a file then, and every message is appended to it.
set -e
postconf -e 'home_mailbox = Mailbox'
service postfix reload
