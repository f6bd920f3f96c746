import type { Question, Task } from '../../../checker/step.ts'
import { typed } from './typed.ts'

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

export const doors: Task = {
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
      en: '`openssl s_client -connect ADDRESS:PORT -brief` where TLS comes first, with `-starttls smtp` or `-starttls imap` where it comes later: “Peer certificate” shows the name. That it can’t be verified is no mistake of yours: the server has signed it itself.',
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
}
