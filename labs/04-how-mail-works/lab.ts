import type { LabData, Question, Text } from '../../checker/step.ts'

/** Commands are the same in every language. */
const typed = (commands: string): Text => {
  const block = `\`\`\`bash title="desk"\n${commands.trim()}\n\`\`\``
  return { en: block, fr: block }
}

/** How one of the five doors stands. */
const door = (port: number): Question => ({
  id: `port-${port}`,
  kind: 'choice',
  text: { en: `Port ${port}`, fr: `Port ${port}` },
  choices: [
    { id: 'closed', text: { en: 'closed', fr: 'fermé' } },
    { id: 'clear', text: { en: 'in clear, and stays so', fr: 'en clair, et le reste' } },
    {
      id: 'starttls',
      text: { en: 'begins in clear, offers STARTTLS', fr: 'commence en clair, propose STARTTLS' },
    },
    { id: 'tls', text: { en: 'TLS from the first byte', fr: 'TLS dès le premier octet' } },
  ],
})

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
    {
      id: 'smtp-by-hand',
      title: { en: 'Speak SMTP by hand', fr: 'Parler SMTP à la main' },
      goal: {
        en: 'From the desk, type a letter to copine.test, command by command. The envelope is on a slip, `/srv/slips/letter.txt`; the letter’s own `From:` and `To:` name other people. You know it when the server answers `250` to your dot.',
        fr: 'Depuis le bureau, tapez une lettre à copine.test, commande par commande. L’enveloppe est sur un papier, `/srv/slips/letter.txt` ; le `From:` et le `To:` de la lettre nomment d’autres gens. C’est gagné quand le serveur répond `250` à votre point.',
      },
      hints: [
        {
          en: '`nc -C mx.copine.test 25` opens the conversation. The server speaks first; wait for it each time.',
          fr: '`nc -C mx.copine.test 25` ouvre la conversation. C’est le serveur qui commence ; attendez-le à chaque fois.',
        },
        {
          en: 'In this order: `EHLO`, `MAIL FROM:<…>`, `RCPT TO:<…>`, `DATA`, the header, an empty line, the text, a dot alone. Between the pointed brackets belong the addresses of your slip.',
          fr: 'Dans cet ordre : `EHLO`, `MAIL FROM:<…>`, `RCPT TO:<…>`, `DATA`, les en-têtes, une ligne vide, le texte, un point seul. Entre les chevrons vont les adresses de votre papier.',
        },
        {
          en: 'A `451` after RCPT? The server doesn’t know you yet. Count to fifteen, in the same conversation, and type the same RCPT again. A `550` after the dot? Choose a `From:` whose domain doesn’t forbid it.',
          fr: 'Un `451` après RCPT ? Le serveur ne vous connaît pas encore. Comptez jusqu’à quinze, dans la même conversation, et retapez le même RCPT. Un `550` après le point ? Choisissez un `From:` dont le domaine ne l’interdit pas.',
        },
      ],
      solution: {
        en: '`cat /srv/slips/letter.txt`, then `nc -C mx.copine.test 25`, and line by line, with the addresses of the slip:\n\n```text\nEHLO desk.you.test\nMAIL FROM:<the address after from=>\nRCPT TO:<the address after to=>\n(451? wait fifteen seconds, the same line again)\nDATA\nFrom: The Moon <lune@espace.test>\nTo: Nobody <nobody@nowhere.test>\nSubject: By hand\n\nThe envelope is not the letter.\n.\nQUIT\n```',
        fr: '`cat /srv/slips/letter.txt`, puis `nc -C mx.copine.test 25`, et ligne par ligne, avec les adresses du papier :\n\n```text\nEHLO desk.you.test\nMAIL FROM:<l’adresse après from=>\nRCPT TO:<l’adresse après to=>\n(451 ? attendre quinze secondes, puis la même ligne)\nDATA\nFrom: La Lune <lune@espace.test>\nTo: Personne <personne@nulle-part.test>\nSubject: A la main\n\nUne enveloppe n’est pas la lettre.\n.\nQUIT\n```',
      },
    },
    {
      id: 'read-the-replies',
      title: { en: 'Read the replies', fr: 'Lire les réponses' },
      goal: {
        en: 'Let providers say no to you in both ways: one «not now» (4xx) and one «no» (5xx), with the `from` of `/srv/slips/letter.txt` as the sender of your envelope. Then say of the six replies in `/srv/slips/replies.txt` which are to be tried again.',
        fr: 'Faites-vous dire non des deux façons : un « pas maintenant » (4xx) et un « non » (5xx), avec le `from` de `/srv/slips/letter.txt` comme expéditeur de l’enveloppe. Puis dites lesquelles des six réponses de `/srv/slips/replies.txt` sont à réessayer.',
      },
      questions: [
        {
          id: 'again',
          kind: 'text',
          text: {
            en: 'Which of the six will a mail server try again? Their letters, such as `a c`',
            fr: 'Lesquelles des six un serveur réessaiera-t-il ? Leurs lettres, comme `a c`',
          },
        },
        {
          id: 'told',
          kind: 'choice',
          text: {
            en: 'After a 5xx, or days of 4xx: to whom does the sending server report that the message did not arrive?',
            fr: 'Après un 5xx, ou des jours de 4xx : à qui le serveur expéditeur annonce-t-il que le message n’est pas arrivé ?',
          },
          choices: [
            { id: 'header', text: { en: 'the address in `From:`', fr: 'à l’adresse dans `From:`' } },
            {
              id: 'envelope',
              text: { en: 'the address in `MAIL FROM`', fr: 'à l’adresse dans `MAIL FROM`' },
            },
            { id: 'recipient', text: { en: 'the address in `RCPT TO`', fr: 'à l’adresse dans `RCPT TO`' } },
            {
              id: 'postmaster',
              text: { en: 'postmaster at the refusing server', fr: 'au postmaster du serveur qui refuse' },
            },
          ],
        },
      ],
      hints: [
        {
          en: 'Each reply comes after a command. You needn’t get as far as DATA: `EHLO`, `MAIL FROM`, `RCPT TO` is enough to be refused, and RCPT may be tried again and again.',
          fr: 'Chaque réponse suit une commande. Inutile d’aller jusqu’à DATA : `EHLO`, `MAIL FROM`, `RCPT TO` suffisent pour un refus, et RCPT peut se retenter à volonté.',
        },
        {
          en: 'No: somebody who isn’t there, or who isn’t at this provider. Not now: somebody whose mailbox is full, such as `overflowing@grosmail.test`, or a server that doesn’t know you yet.',
          fr: 'Non : quelqu’un qui n’existe pas, ou pas chez cet hébergeur. Pas maintenant : quelqu’un dont la boîte est pleine, comme `debordante@grosmail.test`, ou un serveur qui ne vous connaît pas encore.',
        },
        {
          en: 'Only the first digit decides: 4 is tried again, 5 is not, whatever the words say. The report, a bounce, goes where the envelope says; the header is never asked.',
          fr: 'Seul le premier chiffre décide : 4 se réessaie, 5 non, quoi que disent les mots. L’avis de non-remise va où l’enveloppe le dit ; on ne demande rien aux en-têtes.',
        },
      ],
      solution: {
        en: '`nc -C mx.grosmail.test 25`, then:\n\n```text\nEHLO desk.you.test\nMAIL FROM:<the address after from=>\nRCPT TO:<overflowing@grosmail.test>\nRCPT TO:<friend@elsewhere.test>\nQUIT\n```\n\nIn the form: the letters of all lines of `/srv/slips/replies.txt` that begin with 4, and `MAIL FROM`.',
        fr: '`nc -C mx.grosmail.test 25`, puis :\n\n```text\nEHLO desk.you.test\nMAIL FROM:<l’adresse après from=>\nRCPT TO:<debordante@grosmail.test>\nRCPT TO:<ami@ailleurs.test>\nQUIT\n```\n\nDans le formulaire : les lettres de toutes les lignes de `/srv/slips/replies.txt` qui commencent par 4, et `MAIL FROM`.',
      },
    },
    {
      id: 'imap-by-hand',
      title: { en: 'Speak IMAP by hand', fr: 'Parler IMAP à la main' },
      goal: {
        en: 'Six letters wait in your mailbox at agrume.test. Read the word in the third one, and leave no trace: the flags of all six stay as they are. Your password is in `~/mailboxes.txt` on the desk.',
        fr: 'Six lettres attendent dans votre boîte chez agrume.test. Lisez le mot que contient la troisième, sans laisser de trace : les marques des six restent comme elles sont. Votre mot de passe est sur le bureau, dans `~/mailboxes.txt`.',
      },
      questions: [
        {
          id: 'word',
          kind: 'text',
          text: { en: 'The word in the third message', fr: 'Le mot dans le troisième message' },
        },
        {
          id: 'flagged',
          kind: 'number',
          text: {
            en: 'The number of the message that is flagged (`\\Flagged`)',
            fr: 'Le numéro du message qui est marqué important (`\\Flagged`)',
          },
        },
      ],
      hints: [
        {
          en: '`grep agrume ~/mailboxes.txt` shows name, password and host. `openssl s_client -quiet -crlf -connect HOST:993` opens the conversation.',
          fr: '`grep agrume ~/mailboxes.txt` montre nom, mot de passe et hôte. `openssl s_client -quiet -crlf -connect HÔTE:993` ouvre la conversation.',
        },
        {
          en: 'A tag before each command: `a LOGIN NAME PASSWORD`, `b EXAMINE INBOX`, `c FETCH 1:* (FLAGS)`. The numbers are IMAP’s own, from the oldest to the newest.',
          fr: 'Une étiquette devant chaque commande : `a LOGIN NOM MOT-DE-PASSE`, `b EXAMINE INBOX`, `c FETCH 1:* (FLAGS)`. Les numéros sont ceux d’IMAP, du plus ancien au plus récent.',
        },
        {
          en: '`d FETCH 3 BODY.PEEK[TEXT]` reads without marking. Too late? `e SELECT INBOX`, then `f STORE 3 -FLAGS (\\Seen)` takes the mark off again.',
          fr: '`d FETCH 3 BODY.PEEK[TEXT]` lit sans marquer. Trop tard ? `e SELECT INBOX`, puis `f STORE 3 -FLAGS (\\Seen)` enlève la marque.',
        },
      ],
      solution: {
        en: '`grep agrume ~/mailboxes.txt`, then `openssl s_client -quiet -crlf -connect imap.agrume.test:993`, and:\n\n```text\na LOGIN NAME PASSWORD\nb EXAMINE INBOX\nc FETCH 1:* (FLAGS)\nd FETCH 3 BODY.PEEK[TEXT]\ne LOGOUT\n```',
        fr: '`grep agrume ~/mailboxes.txt`, puis `openssl s_client -quiet -crlf -connect imap.agrume.test:993`, et :\n\n```text\na LOGIN NOM MOT-DE-PASSE\nb EXAMINE INBOX\nc FETCH 1:* (FLAGS)\nd FETCH 3 BODY.PEEK[TEXT]\ne LOGOUT\n```',
      },
    },
    {
      id: 'doors',
      title: { en: 'Doors', fr: 'Des portes' },
      goal: {
        en: 'A stranger’s server, `/srv/slips/house.txt`: an address, nothing more. Knock at its five mail doors and say how each stands, and which name is in its certificate.',
        fr: 'Le serveur de quelqu’un d’inconnu, `/srv/slips/house.txt` : une adresse, rien de plus. Frappez à ses cinq portes de courrier, dites comment chacune se tient, et quel nom porte son certificat.',
      },
      questions: [
        door(25),
        door(465),
        door(587),
        door(143),
        door(993),
        {
          id: 'certificate',
          kind: 'text',
          text: { en: 'The name in its certificate (`CN`)', fr: 'Le nom dans son certificat (`CN`)' },
        },
      ],
      hints: [
        {
          en: '`nc -zvw2 ADDRESS PORT` only knocks: *succeeded* or *refused*. Of the open ones, find out what they speak.',
          fr: '`nc -zvw2 ADRESSE PORT` ne fait que frapper : *succeeded* ou *refused*. De celles qui s’ouvrent, cherchez ce qu’elles parlent.',
        },
        {
          en: '`nc -C ADDRESS PORT`: a greeting in clear? Then ask what it can: `EHLO me` (SMTP) or `a CAPABILITY` (IMAP), and look for STARTTLS. Silence? Then it waits for TLS.',
          fr: '`nc -C ADRESSE PORT` : un salut en clair ? Demandez alors ce qu’elle sait faire : `EHLO moi` (SMTP) ou `a CAPABILITY` (IMAP), et cherchez STARTTLS. Le silence ? Elle attend du TLS.',
        },
        {
          en: '`openssl s_client -connect ADDRESS:PORT -brief` where TLS comes first, with `-starttls smtp` or `-starttls imap` where it comes later: «Peer certificate» shows the name. That it can’t be verified is no mistake of yours: the server has signed it itself.',
          fr: '`openssl s_client -connect ADRESSE:PORT -brief` où le TLS vient d’abord, avec `-starttls smtp` ou `-starttls imap` où il vient après : « Peer certificate » montre le nom. Qu’il ne soit pas vérifiable n’est pas votre faute : le serveur l’a signé lui-même.',
        },
      ],
      solution: typed(`
. /srv/slips/house.txt
for port in 25 465 587 143 993; do
  echo "== $port"
  nc -zw2 $house $port || { echo closed; continue; }
  for way in '' '-starttls smtp' '-starttls imap'; do
    timeout 5 openssl s_client -connect $house:$port $way -brief </dev/null 2>&1 | grep 'Peer certificate' | sed "s/$/ $way/"
  done
done
`),
    },
  ],
}
