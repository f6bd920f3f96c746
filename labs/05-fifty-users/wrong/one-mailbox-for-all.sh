#!/bin/bash
# fails: fifty-accounts wrong-mailbox
# after: solution
# A cheater, or somebody in a hurry: fifty aliases to one mailbox instead of fifty mailboxes.
set -e
awk -F: '$3 >= 1000 && $3 < 60000 && $1 != "sasha" { print $1 ": sasha" }' /etc/passwd >> /etc/aliases
newaliases
