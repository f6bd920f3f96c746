import type { Probes } from '../../../checker/probes/types.ts'
import type { Check } from '../../../checker/step.ts'
import type { Person } from '../start/accounts.ts'
import { castOf } from '../start/cast.ts'
import { copiesOf, forget, logOf, queueId } from './copies.ts'
import { fromGrosmail } from './from-grosmail.ts'
import * as say from './redirections-words.ts'
import { type Fail, failed, inTurns } from './say.ts'

const ARRIVAL_MS = 8000
/** An error message about a loop is on its way back by the time the copies are there. */
const BOUNCE_MS = 1500
const WIDTH = 4

/** A message to one of the addresses, and who is to have it. */
export interface Letter {
  to: string
  people: Person[]
  /** An address at grosmail.test that gets it too. */
  outside?: string
  canary: string
}

interface Sent {
  letter: Letter
  id: string | null
}

/** Each of the list's four wishes is granted: every reader has the message, once, and nothing comes back. */
export const redirections: Check = async probes => {
  const letters = lettersOf(probes)
  const sent: Sent[] = []
  try {
    const taken = await inTurns(letters, WIDTH, letter => send(probes, letter))
    sent.push(...taken.filter(one => 'letter' in one))
    const refused = taken.find(one => 'status' in one)
    if (refused && 'status' in refused) return refused
    return (await arrived(probes, sent)) ?? say.allWell(letters)
  } finally {
    await Promise.all(sent.map(({ letter, id }) => forget(probes, letter.canary, [id])))
  }
}

function lettersOf(probes: Probes): Letter[] {
  const { role, group, shares, reader, outside } = castOf(probes.lab)
  const letter = (local: string, people: Person[], more: { outside?: string } = {}): Letter => ({
    to: `${local}@${probes.lab.domain}`,
    people,
    canary: probes.canary(),
    ...more,
  })
  return [
    letter(role.address, [role.person]),
    letter(group.address, group.people),
    // Who reads for somebody on leave has wishes of their own: the two follow each other, and end.
    letter(shares.login, [shares, reader], { outside }),
    letter(reader.login, [reader], { outside }),
  ]
}

async function send(probes: Probes, letter: Letter): Promise<Sent | Fail> {
  const { to, canary } = letter
  const from = `${canary}@grosmail.test`
  const source = `Message-ID: <${canary}@grosmail.test>\r\nFrom: <${from}>\r\nTo: <${to}>\r\nSubject: ${canary}\r\nDate: ${new Date().toUTCString()}\r\n\r\n${canary}\r\n`
  const sent = await fromGrosmail(probes, { from, to, source }).catch(error =>
    failed(error, 'nothing-listens'),
  )
  if ('status' in sent) return sent
  return sent.accepted ? { letter, id: queueId(sent.reply) } : say.refused(letter, sent)
}

/** Null if all is as wished. */
async function arrived(probes: Probes, sent: Sent[]): Promise<Fail | null> {
  const wanted = sent.flatMap(({ letter, id }) => letter.people.map(person => ({ letter, id, person })))
  const outside = sent.flatMap(({ letter, id }) =>
    letter.outside ? [{ letter, id, address: letter.outside }] : [],
  )
  const left = Promise.all(
    outside.map(({ letter, address }) => probes.grosmail.receive(address, letter.canary, ARRIVAL_MS)),
  )
  left.catch(() => {})

  const came = await inTurns(wanted, WIDTH, ({ person, letter }) =>
    probes.imap.fetch(boxOf(person), letter.canary, ARRIVAL_MS).catch(error => failed(error, 'not-readable')),
  )
  const shut = came.find(one => one !== null && 'status' in one)
  if (shut && 'status' in shut) return shut
  const lost = wanted.find((_, i) => came[i] === null)
  if (lost) {
    const back = await bounced(probes, lost.letter, 0)
    const log = await logOf(probes, lost.id)
    return back ? say.loops(lost.letter, back, log) : say.noCopy(lost.letter, lost.person.login, log)
  }
  const gone = (await left).indexOf(null)
  const missing = outside[gone]
  if (missing) {
    const back = await bounced(probes, missing.letter, 0)
    const log = await logOf(probes, missing.id)
    return back ? say.loops(missing.letter, back, log) : say.notOutside(missing.letter, missing.address, log)
  }
  const counted = await inTurns(wanted, WIDTH, ({ person, letter }) =>
    probes.imap.remove(boxOf(person), letter.canary),
  )
  const twice = wanted.find((_, i) => (counted[i] ?? 0) > 1)
  if (twice) return say.tooMany(twice.letter, twice.person.login)
  const backs = await Promise.all(sent.map(({ letter }) => bounced(probes, letter, BOUNCE_MS)))
  const loop = backs.findIndex(one => one !== null)
  const looped = sent[loop]
  if (looped) return say.loops(looped.letter, backs[loop] ?? '', await logOf(probes, looped.id))
  const waiting = await Promise.all(sent.map(({ letter }) => copiesOf(probes, letter.canary)))
  const stuck = waiting.findIndex(copies => copies.some(copy => copy.place === 'queue'))
  const circling = sent[stuck]
  return circling ? say.circles(circling.letter, await logOf(probes, circling.id)) : null
}

const boxOf = ({ login, password }: Person) => ({
  port: 993 as const,
  tls: 'implicit' as const,
  user: login,
  password,
})

/** What an error message that came back says, or null. */
async function bounced(probes: Probes, { canary }: Letter, timeoutMs: number): Promise<string | null> {
  const back = await probes.grosmail.receive(`${canary}@grosmail.test`, canary, timeoutMs)
  if (!back) return null
  const said = /^Diagnostic-Code:\s*([^\n]+(?:\n[ \t][^\n]+)*)/im.exec(back.source)?.[1] ?? ''
  return said.replace(/\s+/g, ' ').slice(0, 200) || 'Undelivered Mail Returned to Sender'
}
