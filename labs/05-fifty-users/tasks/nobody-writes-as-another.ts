import type { Task } from '../../../checker/step.ts'
import { typed } from './typed.ts'

export const nobodyWritesAsAnother: Task = {
  id: 'nobody-writes-as-another',
  title: { en: 'Nobody writes as another', fr: 'Personne n’écrit au nom d’autrui' },
  goal: {
    en: 'Whoever has logged in sends from their own address, and from the second addresses that `/root/redirections.csv` gives them. All other senders are refused, on both doors.',
    fr: 'Une personne connectée écrit de sa propre adresse, et des autres adresses que lui donne `/root/redirections.csv`. Tout autre expéditeur est refusé, aux deux portes.',
  },
  hints: [
    {
      en: 'Postfix knows who has logged in, and hears a sender. It compares the two only if it knows which address belongs to whom: `smtpd_sender_login_maps`. Until then, `sasl_username` and `from` in the log may differ.',
      fr: 'Postfix sait qui s’est connecté, et entend un expéditeur. Il ne compare les deux que s’il sait quelle adresse est à qui : `smtpd_sender_login_maps`. En attendant, `sasl_username` et `from` peuvent différer dans le journal.',
    },
    {
      en: 'The map’s lines are `address login,login`. One regular expression does for fifty people: `/^([^@]+)@you\\.test$/ $1`. Name the map with the second addresses first: the first answer counts. `postmap -q ADDRESS MAP` asks a map.',
      fr: 'Les lignes de la table sont `adresse login,login`. Une expression régulière suffit pour cinquante : `/^([^@]+)@you\\.test$/ $1`. Nommez d’abord la table des autres adresses : la première réponse compte. `postmap -q ADRESSE TABLE` interroge une table.',
    },
    {
      en: '`smtpd_sender_restrictions=reject_sender_login_mismatch` on `submission` and on `submissions`, with `postconf -P`.',
      fr: '`smtpd_sender_restrictions=reject_sender_login_mismatch` sur `submission` et sur `submissions`, avec `postconf -P`.',
    },
  ],
  solution: typed(String.raw`
domain=$(hostname -d)
while IFS=';' read -r address people; do
  getent passwd "$address" >/dev/null || echo "$address@$domain $people"
done < /root/redirections.csv > /etc/postfix/senders
postmap hash:/etc/postfix/senders
echo "/^([^@]+)@$(echo $domain | sed 's/\./\\./')\$/ \$1" > /etc/postfix/own-address
postconf -e 'smtpd_sender_login_maps = hash:/etc/postfix/senders, regexp:/etc/postfix/own-address'
postconf -P submission/inet/smtpd_sender_restrictions=reject_sender_login_mismatch \
  submissions/inet/smtpd_sender_restrictions=reject_sender_login_mismatch
service postfix reload
`),
}
