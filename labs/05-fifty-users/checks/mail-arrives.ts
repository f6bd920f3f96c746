import type { Probes } from '../../../checker/probes/types.ts'
import type { Check, LabFacts, Text } from '../../../checker/step.ts'
import type { Verdict } from '../../../checker/verdict.ts'
import { belongsTo, type Copy, forget, logOf, queueId } from './copies.ts'
import { fromGrosmail, type Sent } from './from-grosmail.ts'
import { landed } from './landed.ts'
import { difference, oddMessage } from './odd-message.ts'
import { fail, failed, pass, quote } from './say.ts'

const LANDING_MS = 8000

/** A message from grosmail.test, of bytes that careless software changes, lies in sasha's Maildir as it was sent. */
export const mailArrives: Check = async probes => {
  const canary = probes.canary()
  const from = `${canary}@grosmail.test`
  const to = `sasha@${probes.lab.domain}`
  const source = oddMessage(canary, from, to)
  const sent = await fromGrosmail(probes, { from, to, source }).catch(error =>
    failed(error, 'nothing-listens', listen),
  )
  if ('status' in sent) return sent
  if (!sent.accepted) return notTaken(sent, to, probes.lab)
  const id = queueId(sent.reply)
  const answers = Promise.all((['ipv4', 'ipv6'] as const).map(version => answersOver(probes, version)))
  answers.catch(() => {})
  try {
    const { copies, bounced } = await landed(probes, { canary, wanted: [canary], sender: from }, LANDING_MS)
    const copy = copies.find(one => one.place !== 'queue')
    if (!copy) return notDelivered(await logOf(probes, id), copies, bounced, to)
    if (copy.place !== 'maildir') return notMaildir(copy)
    if (!belongsTo(copy, 'sasha')) return wrongMailbox(copy, to)
    const { stdout } = await probes.shell.run(`base64 -w0 < ${quote(copy.path)}`)
    const changed = difference(Buffer.from(stdout, 'base64').toString(), source)
    if (changed) return changedBy(changed, copy)
    const shut = (await answers).find(verdict => verdict !== null)
    if (shut) return shut
    return pass({
      en: `A message from grosmail.test lies in ${copy.box}, not a byte changed. Port 25 answers over IPv4 and IPv6.`,
      fr: `Un message de grosmail.test est dans ${copy.box}, pas un octet changé. Le port 25 répond en IPv4 et en IPv6.`,
    })
  } finally {
    await forget(probes, canary, [id])
  }
}

/** Null if port 25 greets over this version of IP. */
const answersOver = (probes: Probes, version: 'ipv4' | 'ipv6'): Promise<Verdict | null> =>
  probes.smtp
    .session({ port: 25, tls: 'none', host: probes.lab.address.server[version] }, async () => null)
    .catch(error => failed(error, `no-${version}`, bothProtocols))

const listen: Text = {
  en: 'Is Postfix installed and running, and not for `localhost` only? `ss -ltn` must show `0.0.0.0:25` and `[::]:25`; `postconf inet_interfaces` says `all`.',
  fr: 'Postfix est-il installé et lancé, et pas seulement pour `localhost` ? `ss -ltn` doit montrer `0.0.0.0:25` et `[::]:25` ; `postconf inet_interfaces` dit `all`.',
}

const bothProtocols: Text = {
  en: 'Look at `postconf inet_protocols inet_interfaces`: both want `all`. A change of either needs `service postfix restart`.',
  fr: 'Regardez `postconf inet_protocols inet_interfaces` : `all` pour les deux. Après un changement, il faut `service postfix restart`.',
}

const inMaildir = (to: string): Text => ({
  en: `A message from grosmail.test to ${to} reaches a Maildir of sasha.`,
  fr: `Un message de grosmail.test à ${to} arrive dans un Maildir de sasha.`,
})

function notTaken(sent: Sent, to: string, lab: LabFacts): Verdict {
  const { reply, transcript } = sent
  return fail('refused', {
    expected: inMaildir(to),
    observed: {
      en: `The server answered on port 25, but did not take the message: ${reply}`,
      fr: `Le serveur a répondu sur le port 25, mais n’a pas pris le message : ${reply}`,
    },
    next: {
      en: `“Relay access denied” means that Postfix doesn’t know ${lab.domain} as its own: look at \`postconf mydestination\`. “User unknown” means that there is no account sasha: \`getent passwd sasha\`.`,
      fr: `« Relay access denied » : Postfix ne sait pas que ${lab.domain} est à lui, regardez \`postconf mydestination\`. « User unknown » : il n’y a pas de compte sasha, voyez \`getent passwd sasha\`.`,
    },
    transcript,
  })
}

function notDelivered(log: string, copies: Copy[], bounced: boolean, to: string): Verdict {
  const transcript = log
  if (bounced) {
    return fail('bounced', {
      expected: inMaildir(to),
      observed: {
        en: 'The server took the message with 250, then sent it back to grosmail.test as undeliverable.',
        fr: 'Le serveur a accepté le message avec un 250, puis l’a renvoyé à grosmail.test comme impossible à distribuer.',
      },
      next: {
        en: 'Look for `status=bounced` in /var/log/mail.log: the reason stands behind it.',
        fr: 'Cherchez `status=bounced` dans /var/log/mail.log : la raison est juste derrière.',
      },
      transcript,
    })
  }
  const queued = copies.some(copy => copy.place === 'queue')
  return fail(queued ? 'deferred' : 'not-delivered', {
    expected: inMaildir(to),
    observed: queued
      ? {
          en: 'The server took the message, but could not put it into a mailbox: it waits in the queue.',
          fr: 'Le serveur a pris le message, mais n’a pas pu le ranger dans une boîte : il attend dans la file.',
        }
      : {
          en: `The server took the message with 250, and ${LANDING_MS / 1000} s later it is nowhere on the disk.`,
          fr: `Le serveur a accepté le message avec un 250 ; ${LANDING_MS / 1000} s plus tard, il n’est nulle part sur le disque.`,
        },
    next: {
      en: '`mailq` shows what waits and why; in /var/log/mail.log look for `status=`.',
      fr: '`mailq` montre ce qui attend, et pourquoi ; dans /var/log/mail.log, cherchez `status=`.',
    },
    transcript,
  })
}

const notMaildir = (copy: Copy): Verdict =>
  fail('not-a-maildir', {
    expected: {
      en: 'Each message is a file of its own in a Maildir: a folder with `tmp`, `new` and `cur`.',
      fr: 'Chaque message est un fichier à lui dans un Maildir : un dossier avec `tmp`, `new` et `cur`.',
    },
    observed: {
      en: `The message arrived, but in ${copy.path}, which is not in a Maildir.`,
      fr: `Le message est arrivé, mais dans ${copy.path}, qui n’est pas dans un Maildir.`,
    },
    next: {
      en: 'Look at `postconf home_mailbox`: `Maildir/`, with the slash at the end. Without the slash, it is the name of one big file.',
      fr: 'Regardez `postconf home_mailbox` : `Maildir/`, avec la barre à la fin. Sans elle, c’est le nom d’un seul gros fichier.',
    },
  })

const wrongMailbox = (copy: Copy, to: string): Verdict =>
  fail('wrong-mailbox', {
    expected: inMaildir(to),
    observed: {
      en: `The message went to ${copy.box}, which belongs to ${copy.owner}.`,
      fr: `Le message est allé dans ${copy.box}, qui appartient à ${copy.owner}.`,
    },
    next: {
      en: `An alias or a catch-all may have taken it: \`postalias -q sasha hash:/etc/aliases\`, \`postconf luser_relay virtual_alias_maps\`.`,
      fr: `Un alias ou une adresse attrape-tout l’a peut-être pris : \`postalias -q sasha hash:/etc/aliases\`, \`postconf luser_relay virtual_alias_maps\`.`,
    },
  })

const changedBy = (changed: { sent: string; stored: string }, copy: Copy): Verdict =>
  fail('changed', {
    expected: {
      en: `The message is stored as it was sent, byte for byte, below what delivery adds on top: “${changed.sent}”`,
      fr: `Le message est rangé tel qu’il a été envoyé, à l’octet près, sous ce que la distribution ajoute en tête : « ${changed.sent} »`,
    },
    observed: {
      en: `On the disk stands instead: “${changed.stored}” (${copy.path}).`,
      fr: `Sur le disque, on lit à la place : « ${changed.stored} » (${copy.path}).`,
    },
    next: {
      en: 'Something rewrites on the way: `postconf header_checks body_checks mailbox_command content_filter`. A signature that is broken by it looks like a forgery to the recipient.',
      fr: 'Quelque chose réécrit en chemin : `postconf header_checks body_checks mailbox_command content_filter`. Une signature ainsi cassée passe pour un faux.',
    },
  })
