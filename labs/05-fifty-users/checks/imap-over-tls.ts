import type { ImapOptions, Probes } from '../../../checker/probes/types.ts'
import type { Check, Text } from '../../../checker/step.ts'
import type { Verdict } from '../../../checker/verdict.ts'
import { accountsOf, type Person } from '../start/accounts.ts'
import { castOf } from '../start/cast.ts'
import { forget, logOf, queueId } from './copies.ts'
import { fromGrosmail } from './from-grosmail.ts'
import { type Fail, fail, failed, pass, trouble } from './say.ts'
import { wrongPassword } from './wrong-password.ts'

const ARRIVAL_MS = 6000

type Door = Pick<ImapOptions, 'port' | 'tls'>
const TLS_DOOR: Door = { port: 993, tls: 'implicit' }
const STARTTLS_DOOR: Door = { port: 143, tls: 'starttls' }

/** The system's passwords open the mailbox under TLS, on both ports; in clear text nothing does. */
export const imapOverTls: Check = async probes => {
  const { twice, otherCase } = accountsOf(probes.lab)
  const { honest: people } = castOf(probes.lab)
  const accented = people.find(person => person.written !== person.login) ?? twice
  const anyone = people[Number.parseInt(probes.canary().slice(-6), 16) % people.length] ?? twice

  // A wrong password is answered late on purpose, so it is asked first and heard last.
  const wrong = login(probes, TLS_DOOR, { ...accented, password: wrongPassword(probes.lab) })
  const unread = readBack(probes, accented)
  const clear = login(probes, { port: 143, tls: 'none' }, anyone)
  for (const look of [wrong, unread, clear]) look.catch(() => {})

  const doors = await Promise.all([enter(probes, TLS_DOOR, otherCase), enter(probes, STARTTLS_DOOR, anyone)])
  const shut = doors.find(verdict => verdict !== null) ?? (await unread)
  if (shut) return shut
  const inClear = await clear
  if (inClear.ok) return clearAccepted(anyone.login, inClear.transcript)
  const refused = await wrong
  if (refused.ok) return wrongAccepted(accented.login, refused.transcript)
  return pass(
    {
      en: `${accented.login}, ${otherCase.login} and ${anyone.login} log in on 993, and on 143 with STARTTLS; a message from grosmail.test was read back. Without TLS, or with a wrong password, nobody gets in.`,
      fr: `${accented.login}, ${otherCase.login} et ${anyone.login} se connectent sur 993, et sur 143 avec STARTTLS ; un message de grosmail.test a été relu. Sans TLS ou avec un mauvais mot de passe, personne n’entre.`,
    },
    inClear.transcript,
  )
}

const login = (probes: Probes, door: Door, { login: user, password }: Pick<Person, 'login' | 'password'>) =>
  probes.imap.login({ ...door, user, password })

/** Null if the person gets in. */
async function enter(probes: Probes, door: Door, person: Person): Promise<Fail | null> {
  try {
    const answer = await login(probes, door, person)
    return answer.ok ? null : loginRefused(door, person, answer)
  } catch (error) {
    return atTheDoor(error, door)
  }
}

function atTheDoor(error: unknown, door: Door): Fail {
  const kind = trouble(error)?.kind
  if (kind === 'refused') return failed(error, door.port === 993 ? 'no-imaps' : 'no-imap', listen)
  return kind === 'tls' ? failed(error, 'no-tls', certificate) : failed(error, 'no-answer', certificate)
}

/** Null if a fresh message from outside is in the mailbox. */
async function readBack(probes: Probes, person: Person): Promise<Verdict | null> {
  const canary = probes.canary()
  const from = `${canary}@grosmail.test`
  const to = `${person.login}@${probes.lab.domain}`
  const source = `Message-ID: <${canary}@grosmail.test>\r\nFrom: <${from}>\r\nTo: <${to}>\r\nSubject: ${canary}\r\nDate: ${new Date().toUTCString()}\r\n\r\n${canary}\r\n`
  const sent = await fromGrosmail(probes, { from, to, source }).catch(error => failed(error, 'not-readable'))
  if ('status' in sent) return sent
  if (!sent.accepted) return notTaken(to, sent.reply, sent.transcript)
  const id = queueId(sent.reply)
  const user = { user: person.login, password: person.password }
  try {
    const message = await probes.imap.fetch({ ...TLS_DOOR, ...user }, canary, ARRIVAL_MS)
    if (!message) return notReadable(to, await logOf(probes, id))
    await probes.imap.remove({ ...TLS_DOOR, ...user }, canary)
    return null
  } catch (error) {
    const seen = trouble(error)
    if (seen?.kind !== 'login') return failed(error, 'not-readable', boxes)
    return loginRefused(TLS_DOOR, person, { text: seen.observed.en, transcript: seen.transcript ?? '' })
  } finally {
    await forget(probes, canary, [id])
  }
}

const listen: Text = {
  en: 'Is `dovecot-imapd` installed and running? `ss -ltnp` must show 143 and 993; `doveconf ssl` says `yes` or `required`.',
  fr: '`dovecot-imapd` est-il installé et lancé ? `ss -ltnp` doit montrer 143 et 993 ; `doveconf ssl` dit `yes` ou `required`.',
}

const certificate: Text = {
  en: 'Look at `doveconf ssl ssl_server_cert_file`: it names a file that exists, without the `<` of Dovecot 2.3. Errors are in /var/log/mail.log.',
  fr: 'Regardez `doveconf ssl ssl_server_cert_file` : un fichier qui existe, sans le `<` de Dovecot 2.3. Les erreurs sont dans /var/log/mail.log.',
}

const boxes: Text = {
  en: 'Does Dovecot look where Postfix delivers? Compare `postconf home_mailbox` with `doveconf mail_driver mail_path mail_inbox_path`.',
  fr: 'Dovecot regarde-t-il là où Postfix distribue ? Comparez `postconf home_mailbox` et `doveconf mail_driver mail_path mail_inbox_path`.',
}

const loginRefused = (
  door: Door,
  { login: user }: Person,
  answer: { text: string; transcript: string },
): Fail =>
  fail('login-refused', {
    expected: {
      en: `${user} logs in on port ${door.port} under TLS with the password of /root/accounts.csv.`,
      fr: `${user} se connecte sur le port ${door.port} sous TLS avec le mot de passe de /root/accounts.csv.`,
    },
    observed: { en: `The server refused: ${answer.text}`, fr: `Le serveur a refusé : ${answer.text}` },
    next: {
      en: `\`doveadm auth test ${user}\` asks for the password and tells what Dovecot thinks of it; /var/log/auth.log has PAM’s words.`,
      fr: `\`doveadm auth test ${user}\` demande le mot de passe et dit ce que Dovecot en pense ; /var/log/auth.log a l’avis de PAM.`,
    },
    transcript: answer.transcript,
  })

const notTaken = (to: string, reply: string, transcript: string): Fail =>
  fail('not-readable', {
    expected: { en: `Mail to ${to} can be read over IMAP.`, fr: `Le courrier de ${to} se lit en IMAP.` },
    observed: {
      en: `The mailbox opens, but the server takes no mail for it: ${reply}`,
      fr: `La boîte s’ouvre, mais le serveur ne prend pas de courrier pour elle : ${reply}`,
    },
    transcript,
  })

const notReadable = (to: string, log: string): Fail =>
  fail('not-readable', {
    expected: { en: `Mail to ${to} can be read over IMAP.`, fr: `Le courrier de ${to} se lit en IMAP.` },
    observed: {
      en: `The server took a message, the login worked, and ${ARRIVAL_MS / 1000} s later it is not in INBOX.`,
      fr: `Le serveur a pris un message, la connexion a marché, et ${ARRIVAL_MS / 1000} s plus tard il n’est pas dans INBOX.`,
    },
    next: boxes,
    transcript: log,
  })

const clearAccepted = (user: string, transcript: string): Fail =>
  fail('cleartext-accepted', {
    expected: {
      en: 'From another host, a password is refused on port 143 as long as there is no TLS.',
      fr: 'Depuis une autre machine, le port 143 refuse les mots de passe tant qu’il n’y a pas de TLS.',
    },
    observed: {
      en: `${user}’s password was accepted in clear text: everybody on the way could read it.`,
      fr: `Le mot de passe de ${user} a été accepté en clair : sur le chemin, tout le monde pouvait le lire.`,
    },
    next: {
      en: 'Look at `doveconf auth_allow_cleartext ssl`: `no` and `required`. Try it from the desk: connections from the server itself count as safe.',
      fr: 'Regardez `doveconf auth_allow_cleartext ssl` : `no` et `required`. Essayez depuis le bureau : les connexions du serveur à lui-même passent pour sûres.',
    },
    transcript,
  })

const wrongAccepted = (user: string, transcript: string): Fail =>
  fail('wrong-password-accepted', {
    expected: { en: 'A wrong password opens nothing.', fr: 'Un mauvais mot de passe n’ouvre rien.' },
    observed: {
      en: `${user}’s mailbox opened with a password that we made up.`,
      fr: `La boîte de ${user} s’est ouverte avec un mot de passe inventé.`,
    },
    next: {
      en: 'Look at `doveconf passdb`: `pam` asks the system; a static one with `nopassword` asks nobody.',
      fr: 'Regardez `doveconf passdb` : `pam` interroge le système ; un « static » avec `nopassword` n’interroge personne.',
    },
    transcript,
  })
