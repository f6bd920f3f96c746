import type { Task } from '../../../checker/step.ts'
import { typed } from './typed.ts'

export const aNameForTheServer: Task = {
  id: 'a-name-for-the-server',
  title: { en: 'A name for the server', fr: 'Un nom pour le serveur' },
  goal: {
    en: 'Tell the world where your server is: `mail.NAME.test` has its two addresses, the domain’s mail goes to it, and both addresses lead back to its name. You know it when `dig` on the desk says so.',
    fr: 'Dites au monde où est votre serveur : `mail.NOM.test` a ses deux adresses, le courrier du domaine y va, et les deux adresses ramènent à son nom. C’est gagné quand `dig`, sur le bureau, le dit.',
  },
  hints: [
    {
      en: 'Five records: A and AAAA for the host, MX for the domain, and a PTR for each of the two addresses. What you need to know about your server stands in `/srv/slips/server.txt` on the desk.',
      fr: 'Cinq enregistrements : A et AAAA pour l’hôte, MX pour le domaine, et un PTR pour chacune des deux adresses. Ce qu’il faut savoir de votre serveur est sur le bureau, dans `/srv/slips/server.txt`.',
    },
    {
      en: '`nsupdate -k ~/registrar.key` takes lines: `server ns.nic.test`, then `update add NAME 300 TYPE VALUE`, then `send`. One `send` changes one zone: your domain first, each reverse name by itself.',
      fr: '`nsupdate -k ~/registrar.key` prend des lignes : `server ns.nic.test`, puis `update add NOM 300 TYPE VALEUR`, puis `send`. Un `send` change une zone : d’abord votre domaine, puis chaque nom inverse à part.',
    },
    {
      en: 'A PTR stands under the address turned around. You needn’t turn it by hand: `dig -x ADDRESS` shows it in its QUESTION SECTION, ready to be copied.',
      fr: 'Un PTR se trouve sous l’adresse retournée. Inutile de la retourner à la main : `dig -x ADRESSE` la montre dans sa QUESTION SECTION, prête à copier.',
    },
  ],
  solution: typed(`
. /srv/slips/server.txt
reverse_name() { dig -x "$1" | awk '/^;.*PTR/ { print substr($1, 2) }'; }
nsupdate -k ~/registrar.key <<END
server ns.nic.test
update add $name. 300 A $ipv4
update add $name. 300 AAAA $ipv6
update add $(hostname -d). 300 MX 10 $name.
send
update add $(reverse_name $ipv4) 300 PTR $name.
send
update add $(reverse_name $ipv6) 300 PTR $name.
send
END
`),
}
