/** What `fifty-accounts` says, in the order in which it looks. */
import type { Reply } from '../../../checker/probes/types.ts'
import type { Text } from '../../../checker/step.ts'
import type { Accounts } from '../start/accounts.ts'
import type { Opened } from './accounts-inside.ts'
import type { Copy } from './copies.ts'
import { type Fail, fail, pass, some } from './say.ts'

const line = (reply: Reply) =>
  `${reply.code} ${reply.enhanced} ${reply.text}`.replace(/\s+/g, ' ').slice(0, 160)

const each: Text = {
  en: 'Each of the fifty people of /root/accounts.csv receives mail.',
  fr: 'Chacune des cinquante personnes de /root/accounts.csv reçoit son courrier.',
}

export const missing = (logins: string[], reply: Reply): Fail => {
  const who = some(logins)
  return fail('missing-accounts', {
    expected: each,
    observed: {
      en: `${logins.length} of those tried can’t receive: ${who.en}. The server says: ${line(reply)}`,
      fr: `${logins.length} des personnes essayées ne peuvent pas recevoir : ${who.fr}. Le serveur dit : ${line(reply)}`,
    },
    next: {
      en: `\`getent passwd ${logins[0]}\` shows whether the account is there. Logins are plain lower-case ASCII: \`zoé\` becomes \`zoe\`. If the missing ones stand at the end of the file, your script stopped on the way.`,
      fr: `\`getent passwd ${logins[0]}\` montre si le compte existe. Les logins sont en ASCII minuscule : \`zoé\` devient \`zoe\`. Si ce sont les derniers du fichier qui manquent, votre script s’est arrêté en chemin.`,
    },
  })
}

export const notDelivered = (logins: string[], bounced: boolean, log: string): Fail => {
  const who = some(logins)
  return fail(bounced ? 'bounced' : 'not-delivered', {
    expected: each,
    observed: {
      en: `The server took the mail for ${who.en} with 250, but it is in no mailbox.`,
      fr: `Le serveur a accepté le courrier pour ${who.fr} avec un 250, mais il n’est dans aucune boîte.`,
    },
    next: {
      en: '`mailq` shows what waits and why; in /var/log/mail.log look for `status=`.',
      fr: '`mailq` montre ce qui attend, et pourquoi ; dans /var/log/mail.log, cherchez `status=`.',
    },
    transcript: log,
  })
}

export const notMaildir = (login: string, copy: Copy): Fail =>
  fail('not-a-maildir', {
    expected: { en: 'Everybody has a Maildir.', fr: 'Tout le monde a un Maildir.' },
    observed: {
      en: `The message for ${login} lies in ${copy.path}, which is not in a Maildir.`,
      fr: `Le message pour ${login} est dans ${copy.path}, qui n’est pas dans un Maildir.`,
    },
    next: {
      en: 'See the first task: `postconf home_mailbox` says `Maildir/`, with the slash.',
      fr: 'Voyez la première tâche : `postconf home_mailbox` dit `Maildir/`, avec la barre.',
    },
  })

export const wrongMailbox = (login: string, copy: Copy): Fail =>
  fail('wrong-mailbox', {
    expected: {
      en: 'Each message reaches the mailbox of the person it is for.',
      fr: 'Chaque message arrive dans la boîte de la personne à qui il s’adresse.',
    },
    observed: {
      en: `The message for ${login} lies in ${copy.box}, which belongs to ${copy.owner}.`,
      fr: `Le message pour ${login} est dans ${copy.box}, qui appartient à ${copy.owner}.`,
    },
    next: {
      en: `Is ${login} an alias? \`postalias -q ${login} hash:/etc/aliases\`. Is there an account? \`getent passwd ${login}\`.`,
      fr: `${login} est un alias ? \`postalias -q ${login} hash:/etc/aliases\`. Le compte existe ? \`getent passwd ${login}\`.`,
    },
  })

export const deliveredTwice = (login: string, copies: Copy[]): Fail => {
  const where = some(copies.map(copy => copy.box))
  return fail('delivered-twice', {
    expected: {
      en: 'One message gives one copy, for those who stand in the file twice too.',
      fr: 'Un message donne un exemplaire, même pour qui figure deux fois dans le fichier.',
    },
    observed: {
      en: `We sent ${login} one message, and it lies there ${copies.length} times: ${where.en}.`,
      fr: `Nous avons envoyé un message à ${login}, et il se trouve là ${copies.length} fois : ${where.fr}.`,
    },
    next: {
      en: `\`grep 'to=<${login}@' /var/log/mail.log | tail\` shows each delivery. Do two rules say the same: \`postalias -q ${login} hash:/etc/aliases\`, \`cat ~${login}/.forward\`?`,
      fr: `\`grep 'to=<${login}@' /var/log/mail.log | tail\` montre chaque remise. Deux règles disent-elles la même chose : \`postalias -q ${login} hash:/etc/aliases\`, \`cat ~${login}/.forward\` ?`,
    },
  })
}

export const noUnixAccount = (logins: string[]): Fail => {
  const who = some(logins)
  return fail('no-unix-account', {
    expected: {
      en: 'Each of the fifty has an account of the system: its password will open the mailbox.',
      fr: 'Chacune des cinquante personnes a un compte du système : son mot de passe ouvrira la boîte.',
    },
    observed: {
      en: `Mail arrives for ${who.en}, but the system doesn’t know them.`,
      fr: `Le courrier arrive pour ${who.fr}, mais le système ne connaît pas ces noms.`,
    },
    next: {
      en: `\`getent passwd ${logins[0]}\` should show a line. Virtual mailboxes without accounts come in step 7.`,
      fr: `\`getent passwd ${logins[0]}\` devrait montrer une ligne. Les boîtes virtuelles sans compte viennent à l’étape 7.`,
    },
  })
}

export const secondAccount = (names: string[]): Fail => {
  const who = some(names)
  return fail('second-account', {
    expected: {
      en: 'Each person has one account, with a lower-case login without accents.',
      fr: 'Chaque personne a un seul compte, au login en minuscules sans accents.',
    },
    observed: {
      en: `Somebody has a second account under another spelling: ${who.en}.`,
      fr: `Quelqu’un a un second compte, écrit autrement : ${who.fr}.`,
    },
    next: {
      en: `\`deluser --remove-home ${names[0]}\`, and let your script turn capitals into small letters before it asks whether the account is there.`,
      fr: `\`deluser --remove-home ${names[0]}\`, et que votre script passe en minuscules avant de demander si le compte existe.`,
    },
  })
}

export const readable = ({ owner, by, path, what }: Opened): Fail =>
  fail('readable-by-others', {
    expected: {
      en: 'Nobody but its owner opens a mailbox.',
      fr: 'Personne n’ouvre une boîte, sauf la personne à qui elle est.',
    },
    observed:
      what === 'message'
        ? {
            en: `${by} can read ${owner}’s mail: ${path}.`,
            fr: `${by} peut lire le courrier de ${owner} : ${path}.`,
          }
        : {
            en: `${by} can’t read ${owner}’s mail, but sees when how much of it came: the folder of ${path} is open.`,
            fr: `${by} ne peut pas lire le courrier de ${owner}, mais voit quand il en arrive : le dossier de ${path} est ouvert.`,
          },
    next: {
      en: `\`namei -l ${path}\` shows the rights of each folder on the way. \`chmod 700\` on the home closes it: a door for its owner alone.`,
      fr: `\`namei -l ${path}\` montre les droits de chaque dossier du chemin. \`chmod 700\` sur le dossier personnel le ferme : une porte pour sa seule propriétaire.`,
    },
  })

export const forbiddenChanged = (login: string): Fail =>
  fail('forbidden-changed', {
    expected: {
      en: `The system’s account ${login} stays as it was, whatever the file says.`,
      fr: `Le compte système ${login} reste comme il était, quoi que dise le fichier.`,
    },
    observed: {
      en: `${login} now has the password that stands in the file: whoever typed the list can become ${login}.`,
      fr: `${login} a désormais le mot de passe écrit dans le fichier : qui a tapé la liste peut devenir ${login}.`,
    },
    next: {
      en: `\`usermod -p '*' ${login}\` takes it away. Then let your script pass over names that exist before it sets a password.`,
      fr: `\`usermod -p '*' ${login}\` le retire. Ensuite, que votre script passe les noms qui existent déjà avant de donner un mot de passe.`,
    },
  })

/** Who gets a system account's mail: root, as is usual, whose own goes to a person. */
const readerOf = (login: string) => (login === 'root' ? 'sasha' : 'root')

export const forbiddenMailbox = (login: string, copy: Copy): Fail =>
  fail('forbidden-mailbox', {
    expected: {
      en: `The system’s account ${login} gets no mailbox; its mail goes to a person, or is refused.`,
      fr: `Le compte système ${login} n’a pas de boîte ; son courrier va à quelqu’un, ou est refusé.`,
    },
    observed: {
      en: `Mail for ${login} lies in ${copy.box}, where nobody reads it.`,
      fr: `Le courrier de ${login} est dans ${copy.box}, où personne ne le lit.`,
    },
    next: {
      en: `Send it to a person in /etc/aliases (\`${login}: ${readerOf(login)}\`, then \`newaliases\`), and remove ${copy.box}.`,
      fr: `Confiez-le à quelqu’un dans /etc/aliases (\`${login}: ${readerOf(login)}\`, puis \`newaliases\`), et supprimez ${copy.box}.`,
    },
  })

export const unknownAccepted = (reply: Reply): Fail =>
  fail('unknown-accepted', {
    expected: {
      en: 'A recipient who doesn’t exist is refused at once, with 550, at RCPT.',
      fr: 'Une adresse qui n’existe pas est refusée tout de suite, avec 550, dès RCPT.',
    },
    observed: {
      en: `An invented recipient got: ${line(reply)}`,
      fr: `Une adresse inventée a obtenu : ${line(reply)}`,
    },
    next: {
      en: 'Look at `postconf -n local_recipient_maps luser_relay virtual_alias_maps`: an empty `local_recipient_maps` accepts everybody and bounces later, to senders who are mostly forged.',
      fr: 'Regardez `postconf -n local_recipient_maps luser_relay virtual_alias_maps` : un `local_recipient_maps` vide accepte tout, puis renvoie des erreurs à des adresses presque toujours usurpées.',
    },
  })

export const allWell = (accounts: Accounts, at: Copy, unknown: Reply, forbidden: Reply) => {
  const { people, forbidden: system } = accounts
  return pass({
    en: `${people.length} people received a message each, alone to open it (${at.box}: ${at.owner}, ${at.mode}). An invented name got ${line(unknown)}. ${system.login} has neither the file’s password nor a mailbox (mail for it got ${line(forbidden)}).`,
    fr: `${people.length} personnes ont reçu chacune leur message, seules à pouvoir l’ouvrir (${at.box} : ${at.owner}, ${at.mode}). Un nom inventé a obtenu ${line(unknown)}. ${system.login} n’a ni le mot de passe du fichier, ni boîte (son courrier a obtenu ${line(forbidden)}).`,
  })
}
