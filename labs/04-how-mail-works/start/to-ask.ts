import type { LabFacts } from '../../../checker/step.ts'

/** What a participant is to ask the DNS: other domains, in another order, for each lab. */
export interface ToAsk {
  mx: string
  spf: string
  reverse: string
  /** Of which address of the third domain's mail host the name is asked. */
  family: 'IPv4' | 'IPv6'
}

const PROVIDERS = ['grosmail.test', 'agrume.test', 'fenetre.test', 'copine.test']

export function toAsk(lab: LabFacts): ToAsk {
  const next = lab.random('ask-the-dns')
  const left = [...PROVIDERS]
  const draw = () => left.splice(Math.floor(next() * left.length), 1)[0] ?? 'grosmail.test'
  return { mx: draw(), spf: draw(), reverse: draw(), family: next() < 0.5 ? 'IPv4' : 'IPv6' }
}
