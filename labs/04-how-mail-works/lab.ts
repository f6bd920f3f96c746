import type { LabData, Text } from '../../checker/step.ts'

/** Commands are the same in every language. */
const typed = (commands: string): Text => {
  const block = `\`\`\`bash title="desk"\n${commands.trim()}\n\`\`\``
  return { en: block, fr: block }
}

export const lab: LabData = {
  title: { en: 'How e-mail works', fr: 'Comment marche le courriel' },
  summary: {
    en: 'The journey of a message: names, doors, envelopes, and what programs say to each other.',
    fr: 'Le voyage d’un message : des noms, des portes, des enveloppes, et ce que se disent les programmes.',
  },
  minutes: 150,
  machines: ['server', 'desk'],
  tasks: [
    {
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
    },
    {
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
    },
  ],
}
