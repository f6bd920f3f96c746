import type { Task } from '../../../checker/step.ts'
import { typed } from './typed.ts'

export const certificate: Task = {
  id: 'certificate',
  title: { en: 'A certificate that renews itself', fr: 'Un certificat qui se renouvelle seul' },
  goal: {
    en: 'Your server shows a certificate for `mail.NAME.test` that everybody in the lab trusts, on every door with TLS. When it nears its end, a job of the machine fetches a new one and the services show it, without anybody’s hand.',
    fr: 'Votre serveur montre, à chaque porte sous TLS, un certificat pour `mail.NOM.test` que tout le labo reconnaît. Quand sa fin approche, une tâche de la machine en prend un nouveau et les services le montrent, sans que personne n’y touche.',
  },
  hints: [
    {
      en: 'The authority wants to see that the name is yours: `certbot certonly --standalone` answers it on port 80. Root’s settings already name the lab’s authority.',
      fr: 'L’autorité veut voir que le nom est à vous : `certbot certonly --standalone` lui répond sur le port 80. Les réglages de root désignent déjà l’autorité du labo.',
    },
    {
      en: 'Both programs want `fullchain.pem` and `privkey.pem` from `/etc/letsencrypt/live/…`: `smtpd_tls_cert_file`, `smtpd_tls_key_file` for Postfix, `ssl_server_cert_file`, `ssl_server_key_file` for Dovecot.',
      fr: 'Les deux programmes veulent `fullchain.pem` et `privkey.pem` de `/etc/letsencrypt/live/…` : `smtpd_tls_cert_file`, `smtpd_tls_key_file` pour Postfix, `ssl_server_cert_file`, `ssl_server_key_file` pour Dovecot.',
    },
    {
      en: 'A program reads its certificate once, at its start. What certbot finds in `/etc/letsencrypt/renewal-hooks/deploy/`, executable, it runs after each renewal: that is where `service postfix reload` and `service dovecot reload` belong.',
      fr: 'Un programme lit son certificat une fois, au démarrage. Ce que certbot trouve d’exécutable dans `/etc/letsencrypt/renewal-hooks/deploy/`, il le lance après chaque renouvellement : c’est la place de `service postfix reload` et de `service dovecot reload`.',
    },
  ],
  solution: typed(String.raw`
apt-get install -y certbot
certbot certonly --standalone -n --agree-tos -m postmaster@$(hostname -d) -d $(hostname -f)
printf '#!/bin/sh\nservice postfix reload\nservice dovecot reload\n' > /etc/letsencrypt/renewal-hooks/deploy/mail-services
chmod 755 /etc/letsencrypt/renewal-hooks/deploy/mail-services
live=/etc/letsencrypt/live/$(hostname -f)
postconf -e "smtpd_tls_cert_file = $live/fullchain.pem" "smtpd_tls_key_file = $live/privkey.pem"
printf 'ssl_server_cert_file = %s\nssl_server_key_file = %s\n' $live/fullchain.pem $live/privkey.pem >> /etc/dovecot/local.conf
service postfix reload
service dovecot restart
`),
}
