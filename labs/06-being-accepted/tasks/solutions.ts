/** The last rung of each task's ladder: what to type, and where. */
import type { Text } from '../../../checker/step.ts'

type Part = ['server' | 'desk', string]
const fenced = (parts: Part[]) =>
  parts.map(([machine, commands]) => `\`\`\`bash title="${machine}"\n${commands.trim()}\n\`\`\``).join('\n\n')

/** Commands are the same in every language; a sentence may follow them. */
function typed(parts: Part[], then?: Text): Text {
  const blocks = fenced(parts)
  return then ? { en: `${blocks}\n\n${then.en}`, fr: `${blocks}\n\n${then.fr}` } : { en: blocks, fr: blocks }
}

const nsupdate = (lines: string) => `domain=$(hostname -d)
nsupdate -k ~/registrar.key <<END
server ns.nic.test
${lines.trim()}
send
END`

export const solutions = {
  spf: typed([['desk', nsupdate('zone $domain\nupdate add $domain. 300 TXT "v=spf1 mx -all"')]]),

  'reverse-names': typed([
    [
      'desk',
      `domain=$(hostname -d)
ipv6=$(dig +short AAAA "mail.$domain")
reverse=$(dig -x "$ipv6" | awk '/^;.*PTR/ { print substr($1, 2) }')
nsupdate -k ~/registrar.key <<END
server ns.nic.test
update delete $reverse PTR
update add $reverse 300 PTR mail.$domain.
send
END`,
    ],
  ]),

  dkim: typed(
    [
      [
        'server',
        String.raw`
apt-get install -y opendkim opendkim-tools
cd /etc/dkimkeys
opendkim-genkey -b 2048 -d "$(hostname -d)" -s autumn
chown opendkim:opendkim autumn.private
sed -i 's/^Socket/#Socket/' /etc/opendkim.conf
cat >> /etc/opendkim.conf <<END
Domain    $(hostname -d)
Selector  autumn
KeyFile   /etc/dkimkeys/autumn.private
Socket    inet:8891@localhost
END
service opendkim restart
postconf -e 'smtpd_milters = inet:localhost:8891' 'non_smtpd_milters = $smtpd_milters'
postconf -e 'milter_default_action = accept'
service postfix reload
grep -o '"[^"]*"' autumn.txt | tr '\n' ' '`,
      ],
      [
        'desk',
        nsupdate('zone $domain\nupdate add autumn._domainkey.$domain. 300 TXT WHAT-THE-SERVER-SHOWED'),
      ],
    ],
    {
      en: 'Send a letter, see dkim=pass. Then the same again with `winter` for `autumn`: make, publish, look with `dig`, and only then `sed -i s/autumn/winter/ /etc/opendkim.conf` and `service opendkim restart`.',
      fr: 'Envoyez une lettre, voyez dkim=pass. Puis recommencez avec `winter` au lieu d’`autumn` : fabriquer, publier, regarder avec `dig`, et seulement alors `sed -i s/autumn/winter/ /etc/opendkim.conf` et `service opendkim restart`.',
    },
  ),

  dmarc: typed(
    [
      ['server', "echo 'dmarc-reports: sasha' >> /etc/aliases\nnewaliases"],
      [
        'desk',
        `${nsupdate('zone $domain\nupdate add _dmarc.$domain. 300 TXT "v=DMARC1; p=reject; rua=mailto:dmarc-reports@$domain"')}
swaks --tls --server mx.grosmail.test --from "sasha@$domain" --to you@grosmail.test`,
      ],
      [
        'server',
        `
for report in $(grep -l 'DMARC aggregate' /home/sasha/Maildir/*/*); do
  sed -n '/^H4s/,/^--/p' "$report" | grep -v '^--' | base64 -d | zcat
done | grep -B5 '<spf>fail' | tail -20`,
      ],
    ],
    {
      en: 'The answer is the `<source_ip>` whose `<dkim>` and `<spf>` both say fail.',
      fr: 'La réponse est la `<source_ip>` dont `<dkim>` et `<spf>` disent tous deux fail.',
    },
  ),

  'three-a-second': typed([
    [
      'server',
      `
postconf -M 'slow/unix=slow unix - - y - - smtp'
postconf -e 'slow_destination_concurrency_limit = 1' 'slow_destination_rate_delay = 1s'
echo 'agrume.test slow:' > /etc/postfix/transport
postmap hash:/etc/postfix/transport
postconf -e 'transport_maps = hash:/etc/postfix/transport'
service postfix restart
while read -r guest; do
  mail -s 'Summer party' -r "sasha@$(hostname -d)" "$guest" <<< 'On Saturday, at six, in the yard.'
done < /root/invited.txt`,
    ],
  ]),

  'off-the-blocklist': typed([
    [
      'server',
      `rm /etc/cron.d/shop
pkill -f /opt/shop/newsletter
mailq | awk '$7 ~ /^shop@/ { print $1 }' | tr -d '*!' | postsuper -d -`,
    ],
    [
      'desk',
      `# half a minute later
domain=$(hostname -d)
curl -X POST "http://blocklist.test/$(dig +short A "mail.$domain")"
curl -X POST "http://blocklist.test/$(dig +short AAAA "mail.$domain")"`,
    ],
  ]),

  'no-backscatter': typed([['server', 'grep -l nobody-here@agrume.test /home/*/.forward | xargs rm']]),

  'checked-tls': typed([
    [
      'desk',
      `${nsupdate(`zone $domain
update add mta-sts.$domain. 300 A $(dig +short A mail.$domain)
update add mta-sts.$domain. 300 AAAA $(dig +short AAAA mail.$domain)
update add _mta-sts.$domain. 300 TXT "v=STSv1; id=1"
update add _smtp._tls.$domain. 300 TXT "v=TLSRPTv1; rua=mailto:tls-reports@$domain"`)}
secret=$(sed -n 's/.*secret "\\(.*\\)";/\\1/p' ~/registrar.key)
curl -u "$domain:$secret" -X PUT "https://api.nic.test/domains/$domain/ds"`,
    ],
    [
      'server',
      String.raw`
domain=$(hostname -d)
apt-get install -y nginx certbot
mkdir -p /var/www/html/.well-known
printf 'version: STSv1\nmode: enforce\nmx: mail.%s\nmax_age: 604800\n' "$domain" > /var/www/html/.well-known/mta-sts.txt
certbot certonly --webroot -w /var/www/html --agree-tos -m "postmaster@$domain" --cert-name "mail.$domain" \
  -d "mail.$domain" -d "mta-sts.$domain" --renew-with-new-domains --reuse-key \
  --deploy-hook 'service postfix reload; service nginx reload'
cat > /etc/nginx/sites-enabled/mta-sts <<END
server {
    listen 443 ssl;
    listen [::]:443 ssl;
    server_name mta-sts.$domain;
    ssl_certificate     /etc/letsencrypt/live/mail.$domain/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/mail.$domain/privkey.pem;
    root /var/www/html;
}
END
service nginx restart
postconf -e "smtpd_tls_cert_file = /etc/letsencrypt/live/mail.$domain/fullchain.pem"
postconf -e "smtpd_tls_key_file = /etc/letsencrypt/live/mail.$domain/privkey.pem"
postconf -e 'smtp_dns_support_level = dnssec' 'smtp_tls_security_level = dane'
service postfix reload
echo 'tls-reports: sasha' >> /etc/aliases
newaliases`,
    ],
    [
      'desk',
      `domain=$(hostname -d)
digest=$(openssl s_client -connect "mail.$domain:25" -starttls smtp < /dev/null 2> /dev/null |
  openssl x509 -pubkey -noout | openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1)
nsupdate -k ~/registrar.key <<END
server ns.nic.test
zone $domain
update add _25._tcp.mail.$domain. 300 TLSA 3 1 1 $digest
send
END`,
    ],
  ]),

  'outgoing-gateway': typed([
    [
      'server',
      `
apt-get install -y libsasl2-modules
. /srv/slips/relay.txt
echo "$(cat /root/secretary.txt) [$RELAY_HOST]:587" > /etc/postfix/gateway
echo "[$RELAY_HOST]:587 $RELAY_USER:$RELAY_PASSWORD" > /etc/postfix/gateway-password
chmod 600 /etc/postfix/gateway-password
postmap hash:/etc/postfix/gateway hash:/etc/postfix/gateway-password
postconf -e 'sender_dependent_relayhost_maps = hash:/etc/postfix/gateway'
postconf -e 'smtp_sasl_password_maps = hash:/etc/postfix/gateway-password'
postconf -e 'smtp_sasl_auth_enable = yes' 'smtp_sasl_security_options = noanonymous'
service postfix reload`,
    ],
    [
      'desk',
      nsupdate(
        'zone $domain\nupdate delete $domain. TXT\nupdate add $domain. 300 TXT "v=spf1 mx include:relais.test -all"',
      ),
    ],
  ]),
} satisfies Record<string, Text>
