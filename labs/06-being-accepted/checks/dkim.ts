import { createPublicKey } from 'node:crypto'
import type { MailEvent, Probes, ZoneRecord } from '../../../checker/probes/types.ts'
import type { Check, Text } from '../../../checker/step.ts'
import { type Fail, fail, pass } from '../../05-fifty-users/checks/say.ts'
import { writerOf } from '../start/people.ts'
import { isFail, memberWrites, notArrived, told } from './letters.ts'

const BITS = 2048

interface Key {
  selector: string
  /** The record's `p=`, without spaces; empty for a key that was withdrawn. */
  p: string
}

/** What members send carries a signature of the domain's that passes, of 2048 bits, by the second key already. */
export const dkim: Check = async probes => {
  const { domain } = probes.lab
  const letters = await memberWrites(probes, writerOf(probes.lab, 'dkim'), 'grosmail', { count: 2 })
  if (isFail(letters)) return letters
  const [first] = letters.events
  if (!first) return notArrived('grosmail', letters.missing)
  const judged = letters.events.find(event => event.authentication)
  const { dkim = '', header = '' } = judged?.authentication ?? {}
  if (!judged) return unsigned(first)
  if (dkim === 'none') return unsigned(judged)
  const signed = signatureIn(header)
  if (dkim !== 'pass') return notPass(dkim, signed, header)
  if (signed.domain !== domain) return otherDomain(domain, signed.domain, header)

  const state = await probes.registrar.state()
  const keys = keysOf(state.records)
  const current = keys.find(key => key.selector === signed.selector)
  const bits = current ? bitsOf(current.p) : 0
  if (bits < BITS) return short(signed.selector, bits)
  return rotated(probes, state.since, keys, current as Key)
}

/** The keys that the domain publishes, from the registry, since nobody can list selectors through the DNS. */
function keysOf(records: readonly ZoneRecord[]): Key[] {
  return records.flatMap(({ name, type, data }) => {
    const selector = /^(.+)\._domainkey$/.exec(name)?.[1]
    if (selector === undefined || type !== 'TXT') return []
    const text = [...data.matchAll(/"((?:[^"\\]|\\.)*)"/g)]
      .map(([, part = '']) => part.replace(/\\(.)/g, '$1'))
      .join('')
    return [{ selector, p: (/(?:^|;)\s*p=([^;]*)/.exec(text)?.[1] ?? '').replace(/\s/g, '') }]
  })
}

/** Of an RSA key; an Ed25519 key counts as strong enough. */
function bitsOf(p: string): number {
  try {
    if (Buffer.from(p, 'base64').length === 32) return BITS
    const key = createPublicKey({ key: Buffer.from(p, 'base64'), format: 'der', type: 'spki' })
    return key.asymmetricKeyDetails?.modulusLength ?? 0
  } catch {
    return 0
  }
}

/** Of the first signature that passed, or of the first one at all: `header.i` and `header.s` of RFC 8601. */
function signatureIn(header: string): { domain: string; selector: string } {
  const parts = header.split(';').filter(part => /\bdkim=/.test(part))
  const part = parts.find(one => /\bdkim=pass/.test(one)) ?? parts[0] ?? ''
  return {
    domain: /header\.i=\S*@(\S+)/.exec(part)?.[1]?.toLowerCase() ?? '',
    selector: /header\.s=(\S+)/.exec(part)?.[1] ?? '',
  }
}

/** Evidence that another key signed before: grosmail.test took mail with it since the domain is the learner's. */
async function rotated(probes: Probes, since: number, keys: Key[], current: Key) {
  const taken = await probes.grosmail.deliveries(since)
  const before = new Set(
    taken.flatMap(({ verdict }) => {
      const header = verdict?.authentication?.header ?? ''
      const { domain, selector } = signatureIn(header)
      return /\bdkim=pass/.test(header) && domain === probes.lab.domain ? [selector] : []
    }),
  )
  before.delete(current.selector)
  const old = keys.filter(key => before.has(key.selector))
  if (old.some(key => key.p === current.p)) return sameKey(current.selector)
  if (before.size === 0) return notRotated(current.selector)
  const names = [...before].join(', ')
  return pass({
    en: `grosmail.test says dkim=pass for ${probes.lab.domain}: 2048 bits or more, signed by ${current.selector} now, by ${names} before.`,
    fr: `grosmail.test dit dkim=pass pour ${probes.lab.domain} : 2048 bits ou plus, signé aujourd’hui par ${current.selector}, auparavant par ${names}.`,
  })
}

const expected: Text = {
  en: 'grosmail.test finds a signature of your domain in what your members send, and says dkim=pass.',
  fr: 'grosmail.test trouve une signature de votre domaine dans ce qu’envoient vos membres, et dit dkim=pass.',
}

const unsigned = (event: MailEvent): Fail =>
  fail('unsigned', {
    expected,
    observed: event.authentication
      ? {
          en: `A member’s letter came without a signature. grosmail.test said: ${told(event)}`,
          fr: `La lettre d’un membre est arrivée sans signature. grosmail.test a dit : ${told(event)}`,
        }
      : {
          en: `A member’s letter was turned away before anybody looked for a signature. grosmail.test said: ${told(event)}`,
          fr: `La lettre d’un membre a été renvoyée avant que l’on cherche une signature. grosmail.test a dit : ${told(event)}`,
        },
    next: {
      en: 'Does Postfix pass mail to the signer (`postconf smtpd_milters`), and does the signer know your domain (`grep -i dkim /var/log/mail.log | tail`)?',
      fr: 'Postfix passe-t-il le courrier au signataire (`postconf smtpd_milters`), et celui-ci connaît-il votre domaine (`grep -i dkim /var/log/mail.log | tail`) ?',
    },
    transcript: event.transcript,
  })

const notPass = (
  dkim: string,
  { domain, selector }: { domain: string; selector: string },
  header: string,
): Fail =>
  fail('dkim-fails', {
    expected,
    observed: {
      en: `There is a signature (${selector || '?'} of ${domain || '?'}), and it got dkim=${dkim}.`,
      fr: `Il y a une signature (${selector || '?'} de ${domain || '?'}), et elle a obtenu dkim=${dkim}.`,
    },
    next: {
      en: `\`dig +short TXT ${selector || 'SELECTOR'}._domainkey.${domain || 'NAME.test'}\` must show the public half of the key that signs, whole.`,
      fr: `\`dig +short TXT ${selector || 'SÉLECTEUR'}._domainkey.${domain || 'NOM.test'}\` doit montrer la moitié publique de la clef qui signe, en entier.`,
    },
    transcript: `Authentication-Results: ${header}`,
  })

const otherDomain = (domain: string, seen: string, header: string): Fail =>
  fail('other-domain', {
    expected: {
      en: `The signature is that of ${domain}, the domain that readers see.`,
      fr: `La signature est celle de ${domain}, le domaine que l’on voit.`,
    },
    observed: { en: `It passes, and is that of ${seen}.`, fr: `Elle passe, mais c’est celle de ${seen}.` },
    next: {
      en: 'The signer’s setting `Domain` is what stands after the @ of your addresses: `grep ^Domain /etc/opendkim.conf` (in rspamd: `domain`, `use_esld`).',
      fr: 'Le réglage `Domain` du signataire est ce qui suit le @ de vos adresses : `grep ^Domain /etc/opendkim.conf` (dans rspamd : `domain`, `use_esld`).',
    },
    transcript: `Authentication-Results: ${header}`,
  })

const short = (selector: string, bits: number): Fail =>
  fail('short-key', {
    expected: { en: 'The key that signs has 2048 bits.', fr: 'La clef qui signe fait 2048 bits.' },
    observed: { en: `The key ${selector} has ${bits} bits.`, fr: `La clef ${selector} fait ${bits} bits.` },
    next: {
      en: '`opendkim-genkey -b 2048` makes one; give it a new selector, so that nobody takes one for the other.',
      fr: '`opendkim-genkey -b 2048` en fabrique une ; donnez-lui un nouveau sélecteur, pour que personne ne les confonde.',
    },
  })

const notRotated = (selector: string): Fail =>
  fail('not-rotated', {
    expected: {
      en: 'The key was changed once: grosmail.test has had mail signed by one key, and now gets it signed by another.',
      fr: 'La clef a été changée une fois : grosmail.test a eu du courrier signé par une clef, et en reçoit maintenant signé par une autre.',
    },
    observed: {
      en: `All the signed mail that it has had so far was signed by ${selector}.`,
      fr: `Tout le courrier signé qu’il a eu jusqu’ici l’était par ${selector}.`,
    },
    next: {
      en: `Well begun. Now make a second key under another selector, publish it, wait until \`dig\` shows it, and let the signer use it. Leave ${selector} in the DNS: mail signed by it may still be under way.`,
      fr: `Bon début. Faites maintenant une seconde clef sous un autre sélecteur, publiez-la, attendez que \`dig\` la montre, puis faites signer avec elle. Laissez ${selector} dans le DNS : du courrier qu’elle a signé est peut-être encore en route.`,
    },
  })

const sameKey = (selector: string): Fail =>
  fail('same-key', {
    expected: { en: 'After the change another key signs.', fr: 'Après le changement, une autre clef signe.' },
    observed: {
      en: `${selector} is a new name for the old key: who had stolen it has it still.`,
      fr: `${selector} est un nouveau nom pour l’ancienne clef : qui l’aurait volée l’a toujours.`,
    },
    next: {
      en: 'Make a new pair under a third selector, `opendkim-genkey -b 2048 -s SELECTOR -d DOMAIN`, publish it, then let the signer use it.',
      fr: 'Fabriquez une nouvelle paire sous un troisième sélecteur, `opendkim-genkey -b 2048 -s SÉLECTEUR -d DOMAINE`, publiez-la, puis faites signer avec elle.',
    },
  })
