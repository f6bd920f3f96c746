/** What strangers get on port 25: nothing for others, a clear word about unknown people, and no bounce. */
import { offer } from './looks.ts'
import { type Entry, found } from './row.ts'

const RELAYS = 4
const ATTACK_MS = 20_000
/** A bounce leaves at once; this is how long one is waited for where all went well. */
const BOUNCE_MS = 2500

export const strangers: readonly Entry[] = [
  {
    id: 'no-relay',
    text: {
      en: 'Mail for others is refused (4xx or 5xx)',
      fr: 'Le courrier pour d’autres est refusé (4xx ou 5xx)',
    },
    asks: ['behaviour'],
    check: async ({ probes }) => {
      const { domain } = probes.lab
      const attacks = await Promise.all(
        [undefined, `postmaster@${domain}`].map(sender =>
          probes.pourriel.attack(
            { kind: 'relay', domain, count: RELAYS / 2, pace: 5, ...(sender ? { sender } : {}) },
            ATTACK_MS,
          ),
        ),
      )
      const all = attacks.flatMap(({ attempts }) => attempts)
      const shut = all.filter(({ fate }) => fate === 'refused' || fate === 'deferred')
      const replies = [...new Set(all.map(({ code, stage }) => `${code} ${stage}`))]
      return found(shut.length === RELAYS, [`${shut.length} / ${RELAYS}`, ...replies])
    },
  },
  {
    id: 'unknown-user',
    text: {
      en: 'Unknown people are refused at RCPT (550)',
      fr: 'Les personnes inconnues sont refusées à RCPT (550)',
    },
    asks: ['behaviour'],
    check: async ({ probes }) => {
      const to = `nobody-${probes.canary().slice(-8)}@${probes.lab.domain}`
      const { code, enhanced, text } = await offer(probes, to, { tls: 'starttls' })
      return found(code === 550, `${code} ${enhanced} ${text}`)
    },
  },
  {
    id: 'no-backscatter',
    text: {
      en: 'Whose address was forged hears nothing',
      fr: 'La personne dont l’adresse a été usurpée n’apprend rien',
    },
    asks: ['behaviour'],
    check: async ({ probes }) => {
      const { domain } = probes.lab
      const word = probes.canary().slice(-8)
      const sender = `forged-${word}@grosmail.test`
      const names = [0, 1, 2].map(i => `gone-${word}-${i}`)
      const { attempts } = await probes.pourriel.attack(
        { kind: 'dictionary', domain, names, count: names.length, pace: 5, sender, deliver: true },
        ATTACK_MS,
      )
      const seen = attempts.map(({ code, stage }) => `${code} ${stage}`)
      // Refused to one's face there is nothing that could bounce.
      if (attempts.length === names.length && attempts.every(({ fate }) => fate === 'refused'))
        return found(true, seen)
      const bounce = await probes.grosmail.receive(sender, word, BOUNCE_MS)
      return found(bounce === null, [...seen, bounce ? `> ${sender}` : '0'])
    },
  },
]
