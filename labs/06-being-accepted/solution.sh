#!/bin/bash
# What a good participant types, on both machines in turns. Where a person copies a line from one terminal into the
# other, a script has netcat: `show FILE` on the server, `copied` on the desk.

# on: desk
set -e
domain=$(hostname -d)

# --- spf, with the gateway in it already ------------------------------------------------------------------
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update add $domain. 300 TXT "v=spf1 mx include:relais.test -all"
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

# --- off-the-blocklist: the cause -------------------------------------------------------------------------
rm /etc/cron.d/shop
# In a server's first minute here cron has not looked yet, and nothing runs.
pkill -f /opt/shop/newsletter || true
postqueue -j | grep -F '"sender": "shop@' | sed -nE 's/.*"queue_id": ?"([^"]+)".*/\1/p' | xargs -r -n1 postsuper -d

# --- no-backscatter ---------------------------------------------------------------------------------------
grep -l nobody-here@agrume.test /home/*/.forward | xargs rm

# --- dkim: a first key ------------------------------------------------------------------------------------
apt-get update
apt-get install -y opendkim opendkim-tools bsd-mailx

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

# --- dmarc: somewhere to take the reports -----------------------------------------------------------------
cat >> /etc/aliases <<'END'
dmarc-reports: sasha
tls-reports:   sasha
END
newaliases

# on: desk
set -e
domain=$(hostname -d)
copied() { for i in $(seq 50); do nc -N "mail.$domain" 7000 < /dev/null && return; sleep 0.1; done; return 1; }
key=$(copied | grep -o '"[^"]*"' | tr '\n' ' ')
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update add winter._domainkey.$domain. 300 TXT $key
update add _dmarc.$domain. 300 TXT "v=DMARC1; p=reject; rua=mailto:dmarc-reports@$domain"
send
END

# One's own forger: the desk is not a server of the domain. The provider refuses, and reports half a minute later.
swaks --server mx.grosmail.test --tls --from "sasha@$domain" --to you@grosmail.test --helo "desk.$domain" \
  --header 'Subject: Not from our server' || true

# on: server
set -e
export DEBIAN_FRONTEND=noninteractive
domain=$(hostname -d)
sed -i 's/autumn/winter/' /etc/opendkim.conf
service opendkim restart

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

# --- outgoing-gateway -------------------------------------------------------------------------------------
apt-get install -y libsasl2-modules
. /srv/slips/relay.txt
echo "$(cat /root/secretary.txt) [$RELAY_HOST]:587" > /etc/postfix/gateway
echo "[$RELAY_HOST]:587 $RELAY_USER:$RELAY_PASSWORD" > /etc/postfix/gateway-password
chmod 600 /etc/postfix/gateway-password
postmap hash:/etc/postfix/gateway hash:/etc/postfix/gateway-password
postconf -e 'sender_dependent_relayhost_maps = hash:/etc/postfix/gateway' \
  'smtp_sasl_password_maps = hash:/etc/postfix/gateway-password' \
  'smtp_sasl_auth_enable = yes' 'smtp_sasl_security_options = noanonymous'

# --- checked-tls: we look whom we send to -----------------------------------------------------------------
postconf -e 'smtp_dns_support_level = dnssec' 'smtp_tls_security_level = dane'
service postfix reload

# on: desk
set -e
domain=$(hostname -d)
ipv4=$(dig +short A "mail.$domain") ipv6=$(dig +short AAAA "mail.$domain")
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update add mta-sts.$domain. 300 A $ipv4
update add mta-sts.$domain. 300 AAAA $ipv6
update add _mta-sts.$domain. 300 TXT "v=STSv1; id=1"
update add _smtp._tls.$domain. 300 TXT "v=TLSRPTv1; rua=mailto:tls-reports@$domain"
send
END
secret=$(sed -n 's/.*secret "\(.*\)";/\1/p' ~/registrar.key)
curl -sSf -u "$domain:$secret" -X PUT "https://api.nic.test/domains/$domain/ds"

# on: server
set -e
export DEBIAN_FRONTEND=noninteractive
domain=$(hostname -d)

# --- checked-tls: one certificate for both names, whose key stays at each renewal -------------------------
apt-get install -y nginx certbot
mkdir -p /var/www/html/.well-known
cat > /var/www/html/.well-known/mta-sts.txt <<END
version: STSv1
mode: enforce
mx: mail.$domain
max_age: 604800
END
# A lab that was opened a moment ago is still learning whom to trust.
timeout 90 sh -c 'until curl -sf -o /dev/null https://acme.nic.test/dir; do sleep 0.3; done'
certbot certonly --non-interactive --agree-tos -m "postmaster@$domain" --webroot -w /var/www/html \
  --cert-name "mail.$domain" -d "mail.$domain" -d "mta-sts.$domain" --renew-with-new-domains --reuse-key --key-type ecdsa \
  --deploy-hook 'service postfix reload; service nginx reload; service dovecot reload'
cat > /etc/nginx/sites-available/mta-sts <<END
server {
    listen 443 ssl;
    listen [::]:443 ssl;
    server_name mta-sts.$domain;
    ssl_certificate     /etc/letsencrypt/live/mail.$domain/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/mail.$domain/privkey.pem;
    root /var/www/html;
}
END
ln -sf ../sites-available/mta-sts /etc/nginx/sites-enabled/mta-sts
service nginx restart
postconf -e "smtpd_tls_cert_file = /etc/letsencrypt/live/mail.$domain/fullchain.pem" \
  "smtpd_tls_key_file = /etc/letsencrypt/live/mail.$domain/privkey.pem"

# --- what public tests ask besides (labs/AUDIT.md) --------------------------------------------------------
postconf -e 'smtpd_tls_exclude_ciphers = aNULL' 'tls_preempt_cipherlist = yes'
cat > /etc/postfix/tls.cnf <<'END'
postfix = postfix_settings
[postfix_settings]
ssl_conf = postfix_ssl
[postfix_ssl]
system_default = strong
[strong]
SignatureAlgorithms = ECDSA+SHA256:ECDSA+SHA384:RSA-PSS+SHA256:RSA-PSS+SHA384:RSA+SHA256:RSA+SHA384
END
postconf -e 'tls_config_file = /etc/postfix/tls.cnf' 'tls_config_name = postfix'
echo 'hostmaster: root' >> /etc/aliases
newaliases
service postfix restart
# The key that comes next: its digest is published long before it is needed.
openssl ecparam -name prime256v1 -genkey -noout -out /etc/ssl/private/next.key
openssl pkey -in /etc/ssl/private/next.key -pubout -outform DER | sha256sum | cut -d' ' -f1 > /root/next.digest
setsid timeout 60 nc -lN 7000 < /root/next.digest > /dev/null 2>&1 &

# on: desk
set -e
domain=$(hostname -d)
copied() { for i in $(seq 50); do nc -N "mail.$domain" 7000 < /dev/null && return; sleep 0.1; done; return 1; }
next=$(copied)
digest=$(openssl s_client -connect "mail.$domain:25" -starttls smtp < /dev/null 2> /dev/null |
  openssl x509 -pubkey -noout | openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1)
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update add _25._tcp.mail.$domain. 300 TLSA 3 1 1 $digest
update add _25._tcp.mail.$domain. 300 TLSA 3 1 1 $next
update add $domain. 300 CAA 0 issue "nic.test"
send
END

# --- off-the-blocklist: half a minute of quiet is over by now ---------------------------------------------
for address in $(dig +short A "mail.$domain") $(dig +short AAAA "mail.$domain"); do
  for i in $(seq 20); do
    curl -s "http://blocklist.test/$address" | grep -q 'not listed' && break
    curl -sS -X POST "http://blocklist.test/$address" | head -3
    sleep 3
  done
done

# on: server
set -e

# --- three-a-second: the sixty take a minute --------------------------------------------------------------
for i in $(seq 150); do mailq | grep -q agrume.test || break; sleep 1; done

# --- dmarc: what the report says --------------------------------------------------------------------------
failing() {
  python3 - <<'END'
import email, email.policy, gzip, pathlib, xml.etree.ElementTree as tree
for path in pathlib.Path('/home/sasha/Maildir').glob('*/*'):
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default) if path.is_file() else None
    for part in message.walk() if message else ():
        if not (part.get_filename() or '').endswith('.xml.gz'):
            continue
        report = tree.fromstring(gzip.decompress(part.get_content()))
        for record in report.iter():
            if not record.tag.endswith('record'):
                continue
            row = next(item for item in record if item.tag.endswith('row'))
            row = {item.tag.split('}')[-1]: (item.text or '').strip() for item in row.iter('*')}
            if row.get('dkim') == 'fail' and row.get('spf') == 'fail':
                print(row['source_ip'])
END
}
for i in $(seq 60); do source=$(failing | head -1); [ -n "$source" ] && break; sleep 1; done
answer dmarc source "$source"
