/** The superset of what public tests ask of a mail server, asked of the learner's, from outside. */
import { ProbeError } from '../probes/error.ts'
import type { Probes } from '../probes/types.ts'
import { behaviour } from './behaviour.ts'
import { blocklists } from './blocklists.ts'
import { dane } from './dane.ts'
import { dkim } from './dkim.ts'
import { dmarc } from './dmarc.ts'
import { dnssec } from './dnssec.ts'
import { makeLooks } from './looks.ts'
import { mtaSts } from './mta-sts.ts'
import { names } from './names.ts'
import type { Entry, Eye, Member, Row, Subject } from './row.ts'
import { running } from './running.ts'
import { spf } from './spf.ts'
import { tls } from './tls.ts'

/** Every subject of the audit, in the order in which it is told. */
export const SUBJECTS: readonly Subject[] = [
  names,
  dnssec,
  spf,
  dkim,
  dmarc,
  mtaSts,
  dane,
  tls,
  blocklists,
  running,
  behaviour,
]

/** Each look costs processes in the lab internet. */
const WIDTH = 3

/**
 * Asks everything. Never rejects for what the server does: that is a row that is `open`, and our own trouble one that is
 * `broken`. Takes about a minute; `onRow` hears of each as it falls. Restarts services at its end.
 */
export async function audit(
  probes: Probes,
  member: Member,
  onRow: (row: Row) => void = () => {},
): Promise<Row[]> {
  const eye: Eye = { probes, member, looks: makeLooks(probes, member) }
  const all = SUBJECTS.flatMap(({ id, entries }) => entries.map(entry => ({ subject: id, entry })))
  const rows = new Map<Entry, Row>()
  const ask = async ({ subject, entry }: (typeof all)[number]) => {
    const row = await rowOf(subject, entry, eye)
    rows.set(entry, row)
    onRow(row)
  }
  const isAlone = ({ entry }: (typeof all)[number]) => 'alone' in entry
  const queue = all.filter(one => !isAlone(one))
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await ask(next)
  }
  await Promise.all(Array.from({ length: WIDTH }, worker))
  for (const one of all.filter(isAlone)) await ask(one)
  return all.flatMap(({ entry }) => rows.get(entry) ?? [])
}

async function rowOf(subject: string, entry: Entry, eye: Eye): Promise<Row> {
  const { id, text, asks } = entry
  const common = { subject, id, text, asks }
  if ('later' in entry) return { ...common, state: 'later', step: entry.later }
  if ('cannot' in entry) return { ...common, state: 'cannot', why: entry.cannot }
  try {
    const { holds, seen } = await entry.check(eye)
    return { ...common, state: holds ? 'holds' : 'open', seen }
  } catch (error) {
    const seen = error instanceof Error ? error.message : String(error)
    const theirs = error instanceof ProbeError && error.kind !== 'ours'
    return { ...common, state: theirs ? 'open' : 'broken', seen }
  }
}
