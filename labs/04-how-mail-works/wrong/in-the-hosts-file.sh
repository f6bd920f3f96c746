#!/bin/bash
# fails: a-name-for-the-server no-a
# after: start
# A cheat, or a misunderstanding: both machines are told in /etc/hosts what the DNS does not know.
. <(hostname -I | awk '{ print "ipv4=" $1 }')
echo "$ipv4 $(hostname -d) $(hostname -f)" >> /etc/hosts
# on: desk
. /srv/slips/server.txt
echo "$ipv4 $name" | sudo tee -a /etc/hosts
