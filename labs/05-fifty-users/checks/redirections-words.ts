/** What `redirections` says. */
import type { Text } from '../../../checker/step.ts'
import type { Sent } from './from-grosmail.ts'
import type { Letter } from './redirections.ts'
import { type Fail, fail, pass } from './say.ts'

const everybody = ({ to, people, outside }: Letter): Text => {
  const who = [...people.map(({ login }) => login), ...(outside ? [outside] : [])].join(', ')
  return {
    en: `A message to ${to} reaches ${who}, each of them once.`,
    fr: `Un message à ${to} arrive à ${who}, une fois à chaque adresse.`,
  }
}

export const refused = (letter: Letter, { reply, transcript }: Sent): Fail =>
  fail('refused', {
    expected: everybody(letter),
    observed: { en: `The server refused it: ${reply}`, fr: `Le serveur l’a refusé : ${reply}` },
    next: {
      en: `Does Postfix know the address? \`postalias -q ${letter.to.split('@')[0]} hash:/etc/aliases\` says who gets it; if it says nothing, the line or \`newaliases\` is missing.`,
      fr: `Postfix connaît-il l’adresse ? \`postalias -q ${letter.to.split('@')[0]} hash:/etc/aliases\` dit qui reçoit ; s’il ne dit rien, c’est la ligne ou \`newaliases\` qui manque.`,
    },
    transcript,
  })

export const noCopy = (letter: Letter, login: string, log: string): Fail =>
  fail('no-copy', {
    expected: everybody(letter),
    observed: {
      en: `We sent one from grosmail.test, and it is not in the mailbox of ${login}.`,
      fr: `Nous en avons envoyé un de grosmail.test, et il n’est pas dans la boîte de ${login}.`,
    },
    next: {
      en: `\`postalias -q ${letter.to.split('@')[0]} hash:/etc/aliases\` and \`cat ~${login}/.forward\` say who gets what. In a .forward, the person keeps a copy only if they are named too, with a backslash: \`\\${login}\`. And look for «not owned by» or «writable» in /var/log/mail.log.`,
      fr: `\`postalias -q ${letter.to.split('@')[0]} hash:/etc/aliases\` et \`cat ~${login}/.forward\` disent qui reçoit quoi. Dans un .forward, la personne ne garde une copie que si elle y est aussi, avec une barre oblique inverse : \`\\${login}\`. Et cherchez « not owned by » ou « writable » dans /var/log/mail.log.`,
    },
    transcript: log,
  })

export const notOutside = (letter: Letter, address: string, log: string): Fail =>
  fail('not-outside', {
    expected: everybody(letter),
    observed: {
      en: `grosmail.test got nothing for ${address}.`,
      fr: `grosmail.test n’a rien reçu pour ${address}.`,
    },
    next: {
      en: '`grep -E "forward|status=" /var/log/mail.log | tail`: Postfix passes over a .forward that others may write to, or that belongs to somebody else than its person or root.',
      fr: '`grep -E "forward|status=" /var/log/mail.log | tail` : Postfix ignore un .forward où d’autres peuvent écrire, ou qui n’est ni à sa personne ni à root.',
    },
    transcript: log,
  })

export const tooMany = (letter: Letter, login: string): Fail =>
  fail('twice', {
    expected: everybody(letter),
    observed: {
      en: `${login} got it more than once.`,
      fr: `${login} l’a reçu plus d’une fois.`,
    },
    next: {
      en: `Two rules say the same: an alias and a .forward, or two names that lead to one mailbox. \`grep 'to=<${login}@' /var/log/mail.log | tail\` shows each delivery, with \`orig_to=\`.`,
      fr: `Deux règles disent la même chose : un alias et un .forward, ou deux noms qui mènent à une seule boîte. \`grep 'to=<${login}@' /var/log/mail.log | tail\` montre chaque remise, avec \`orig_to=\`.`,
    },
  })

export const loops = (letter: Letter, said: string, log: string): Fail =>
  fail('loop', {
    expected: everybody(letter),
    observed: {
      en: `An error message came back to the sender: ${said}`,
      fr: `Un message d’erreur est revenu à l’expéditeur : ${said}`,
    },
    next: {
      en: '«mail forwarding loop»: two redirections point at each other, and Postfix found its own Delivered-To in the message. Follow them by hand from address to address; one of them has to end in a mailbox, `\\name`.',
      fr: '« mail forwarding loop » : deux redirections se renvoient la balle, et Postfix a retrouvé son propre Delivered-To dans le message. Suivez-les à la main d’adresse en adresse ; l’une doit finir dans une boîte, `\\nom`.',
    },
    transcript: log,
  })

export const circles = (letter: Letter, log: string): Fail =>
  fail('loop', {
    expected: everybody(letter),
    observed: {
      en: 'The copies are there, and the message is still in the queue.',
      fr: 'Les copies sont là, et le message est encore dans la file.',
    },
    next: {
      en: '`mailq` shows where it wants to go, and why it can’t. Two redirections that point at each other, or an address that doesn’t exist, look like this.',
      fr: '`mailq` montre où il veut aller, et pourquoi il ne peut pas. Deux redirections qui se renvoient la balle, ou une adresse qui n’existe pas, ont cet air-là.',
    },
    transcript: log,
  })

export const allWell = (letters: Letter[]) => {
  const list = letters.map(({ to }) => to).join(', ')
  return pass({
    en: `Messages to ${list} reached everybody they should, each once, and nothing came back.`,
    fr: `Les messages à ${list} ont atteint toutes les personnes voulues, une fois chacune, et rien n’est revenu.`,
  })
}
