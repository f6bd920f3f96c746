import type { Task } from '../../../checker/step.ts'
import { typed } from './typed.ts'

export const askTheDns: Task = {
  id: 'ask-the-dns',
  title: { en: 'Ask the DNS', fr: 'Interroger le DNS' },
  goal: {
    en: 'A slip on your desk, `/srv/slips/dns.txt`, names three providers. Find out what they tell the world about their mail.',
    fr: 'Un papier sur votre bureau, `/srv/slips/dns.txt`, nomme trois hébergeurs. Trouvez ce qu’ils disent au monde de leur courrier.',
  },
  questions: [
    {
      id: 'exchanger',
      kind: 'text',
      text: {
        en: '`mx`: which host takes the mail of this domain?',
        fr: '`mx` : quel hôte prend le courrier de ce domaine ?',
      },
    },
    {
      id: 'preference',
      kind: 'number',
      text: { en: 'What is the preference of this host?', fr: 'Quelle est la préférence de cet hôte ?' },
    },
    {
      id: 'spf',
      kind: 'text',
      text: {
        en: '`spf`: the SPF record of this domain, as it stands (`v=spf1 …`)',
        fr: '`spf` : l’enregistrement SPF de ce domaine, tel quel (`v=spf1 …`)',
      },
    },
    {
      id: 'strangers',
      kind: 'choice',
      text: {
        en: 'What does it say of servers that it doesn’t list?',
        fr: 'Que dit-il des serveurs qu’il ne cite pas ?',
      },
      choices: [
        { id: 'refuse', text: { en: 'refuse them', fr: 'refusez-les' } },
        { id: 'suspect', text: { en: 'be suspicious', fr: 'méfiez-vous' } },
        { id: 'nothing', text: { en: 'judge for yourself', fr: 'jugez vous-même' } },
        { id: 'silent', text: { en: 'it says nothing of them', fr: 'il n’en dit rien' } },
      ],
    },
    {
      id: 'address',
      kind: 'text',
      text: {
        en: '`reverse`: the address (IPv4 or IPv6, see `family`) of the host that takes its mail',
        fr: '`reverse` : l’adresse (IPv4 ou IPv6, voir `family`) de l’hôte qui prend son courrier',
      },
    },
    {
      id: 'reverse',
      kind: 'text',
      text: {
        en: 'To which name does this address lead back?',
        fr: 'À quel nom cette adresse ramène-t-elle ?',
      },
    },
  ],
  hints: [
    {
      en: '`cat /srv/slips/dns.txt` on the desk. Each line asks another question of another domain.',
      fr: '`cat /srv/slips/dns.txt` sur le bureau. Chaque ligne pose une autre question, sur un autre domaine.',
    },
    {
      en: '`dig DOMAIN MX`, `dig DOMAIN TXT`, `dig HOST A` or `AAAA`, `dig -x ADDRESS`. What counts is the ANSWER SECTION; `+short` shows nothing else.',
      fr: '`dig DOMAINE MX`, `dig DOMAINE TXT`, `dig HÔTE A` ou `AAAA`, `dig -x ADRESSE`. Ce qui compte, c’est l’ANSWER SECTION ; `+short` ne montre qu’elle.',
    },
    {
      en: 'In an MX, the number is the preference and the name is the host. At the end of an SPF record stands `all` with a sign: `-` refuse, `~` be suspicious, `?` no opinion.',
      fr: 'Dans un MX, le nombre est la préférence et le nom est l’hôte. Un SPF se termine par `all` et un signe : `-` refuser, `~` se méfier, `?` sans avis.',
    },
  ],
  solution: typed(`
. /srv/slips/dns.txt
dig +short $mx MX
dig +short $spf TXT
host=$(dig +short $reverse MX | sort -n | head -1 | cut -d' ' -f2)
address=$(dig +short $host $([ $family = IPv4 ] && echo A || echo AAAA))
echo $address
dig +short -x $address
`),
}
