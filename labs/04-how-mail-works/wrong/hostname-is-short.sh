#!/bin/bash
# fails: a-name-for-the-server hostname
# after: start
# All is well in the DNS, but the server has forgotten its own long name: programs would greet with «mail».
sed "s/$(hostname -f) mail/mail/" /etc/hosts > /tmp/hosts
cat /tmp/hosts > /etc/hosts
# on: desk
set -e
domain=$(hostname -d)
. /srv/slips/server.txt
. /srv/slips/dns.txt

# --- a-name-for-the-server --------------------------------------------------------------------------------
# The name under which the PTR of an address stands: dig shows it in its question.
reverse_name() { dig -x "$1" | awk '/^;.*PTR/ { print substr($1, 2) }'; }

nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update add $name. 300 A $ipv4
update add $name. 300 AAAA $ipv6
update add $domain. 300 MX 10 $name.
send
END
for address in "$ipv4" "$ipv6"; do
  nsupdate -k ~/registrar.key <<END
server ns.nic.test
update add $(reverse_name "$address") 300 PTR $name.
send
END
done

