#!/bin/bash
# What a good participant types, on both machines in turns. Where a person copies a line from one terminal into the
# other, a script has netcat: `show FILE` on the server, `copied` on the desk.

# on: desk
set -e
domain=$(hostname -d)

# --- spf --------------------------------------------------------------------------------------------------
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update add $domain. 300 TXT "v=spf1 mx -all"
update add mail.$domain. 300 TXT "v=spf1 a -all"
send
END

# --- reverse-names ----------------------------------------------------------------------------------------
ipv6=$(dig +short AAAA "mail.$domain")
reverse=$(dig -x "$ipv6" | awk '/^;.*PTR/ { print substr($1, 2) }')
nsupdate -k ~/registrar.key <<END
server ns.nic.test
update delete $reverse PTR
update add $reverse 300 PTR mail.$domain.
send
END

# on: server
set -e
export DEBIAN_FRONTEND=noninteractive
domain=$(hostname -d)
show() { setsid timeout 60 nc -lN 7000 < "$1" > /dev/null 2>&1 & }

# --- dkim: a first key ------------------------------------------------------------------------------------
apt-get update
apt-get install -y opendkim opendkim-tools

cd /etc/dkimkeys
opendkim-genkey -b 2048 -d "$domain" -s autumn
chown opendkim:opendkim autumn.private

sed -i 's/^Socket/#Socket/' /etc/opendkim.conf
cat >> /etc/opendkim.conf <<END

Domain    $domain
Selector  autumn
KeyFile   /etc/dkimkeys/autumn.private
Socket    inet:8891@localhost
END
service opendkim restart

postconf -e 'smtpd_milters = inet:localhost:8891' 'non_smtpd_milters = $smtpd_milters' 'milter_default_action = accept'
service postfix reload
show autumn.txt

# on: desk
set -e
domain=$(hostname -d)
copied() { for i in $(seq 50); do nc -N "mail.$domain" 7000 < /dev/null && return; sleep 0.1; done; return 1; }
key=$(copied | grep -o '"[^"]*"' | tr '\n' ' ')
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update add autumn._domainkey.$domain. 300 TXT $key
send
END

# on: server
set -e
domain=$(hostname -d)
show() { setsid timeout 60 nc -lN 7000 < "$1" > /dev/null 2>&1 & }

# It signs: a letter, and what the provider thinks of it.
mail -s 'Signed in autumn' -r "sasha@$domain" you@grosmail.test <<< 'The first key.'

# --- dkim: the second key, published before it signs ------------------------------------------------------
cd /etc/dkimkeys
opendkim-genkey -b 2048 -d "$domain" -s winter
chown opendkim:opendkim winter.private
show winter.txt

# on: desk
set -e
domain=$(hostname -d)
copied() { for i in $(seq 50); do nc -N "mail.$domain" 7000 < /dev/null && return; sleep 0.1; done; return 1; }
key=$(copied | grep -o '"[^"]*"' | tr '\n' ' ')
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update add winter._domainkey.$domain. 300 TXT $key
send
END

# on: server
set -e
sed -i 's/autumn/winter/' /etc/opendkim.conf
service opendkim restart

# --- dmarc: first somewhere to take the reports -----------------------------------------------------------
domain=$(hostname -d)
cat >> /etc/aliases <<'END'
dmarc-reports: sasha
tls-reports:   sasha
END
newaliases

# --- no-backscatter ---------------------------------------------------------------------------------------
grep -l nobody-here@agrume.test /home/*/.forward | xargs rm

# on: desk
set -e
domain=$(hostname -d)
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update add _dmarc.$domain. 300 TXT "v=DMARC1; p=reject; rua=mailto:dmarc-reports@$domain"
send
END

# on: server
set -e
domain=$(hostname -d)

# --- three-a-second ---------------------------------------------------------------------------------------
postconf -M 'slow/unix=slow unix - - y - - smtp'
postconf -e 'slow_destination_concurrency_limit = 1' 'slow_destination_rate_delay = 1s'
echo 'agrume.test slow:' > /etc/postfix/transport
postmap hash:/etc/postfix/transport
postconf -e 'transport_maps = hash:/etc/postfix/transport'
service postfix restart

while read -r guest; do
  mail -s 'Come to our summer party' -r "sasha@$domain" "$guest" <<< 'On Saturday, at six, in the yard.'
done < /root/invited.txt

# The sixty take a minute.
for i in $(seq 120); do mailq | grep -q agrume.test || break; sleep 1; done
