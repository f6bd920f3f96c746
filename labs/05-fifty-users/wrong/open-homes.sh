#!/bin/bash
# fails: fifty-accounts readable-by-others
# after: solution
# Who meets «Permission denied» once and opens everything to everybody, the homes and the mail in them.
set -e
chmod -R o+rX /home
