#!/bin/bash
# fails: redirections not-outside
# after: solution
# Who meets «permission denied» on a .forward once, and opens it to everybody: Postfix passes over it.
set -e
reader=$(sed -n '4s/;.*//p' /root/redirections.csv)
chmod 666 "/home/$reader/.forward"
