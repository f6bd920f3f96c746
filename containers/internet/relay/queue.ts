/**
 * The gateway's queue: one file pair a recipient, so that what was taken survives a restart. Tries again after 4xx and
 * silence, gives up after some minutes (days elsewhere), and tells the sender. Bounded: what doesn't fit is not taken.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SendAnswer } from '../api.ts'
import { bounce } from './bounce.ts'

export interface Pace {
  /** Before each try. */
  triesMs: readonly number[]
  /** Under way at once: in all, and to one domain. */
  most: number
  perDomain: number
}
const PACE: Pace = { triesMs: [0, 5, 10, 20, 40, 80, 160, 300].map(s => s * 1000), most: 6, perDomain: 2 }

export const QUEUE_LIMITS = { items: 1000, bytes: 100_000_000, itemsOfOne: 100, bytesOfOne: 20_000_000 }

interface Item {
  id: string
  /** Whose account brought it. */
  account: string
  from: string
  to: string
  size: number
  tries: number
  due: number
}

export interface Queue {
  /** Whether so much more of this account fits. */
  fits(account: string, recipients: number, bytes: number): boolean
  add(account: string, from: string, to: readonly string[], source: Buffer): Promise<void>
  /** Drops what an account still has here. */
  drop(account: string): Promise<void>
  size(): number
}

export type Hand = (item: { from: string; to: string; source: Buffer }) => Promise<SendAnswer>

export async function openQueue(directory: string, hand: Hand, pace: Pace = PACE): Promise<Queue> {
  await mkdir(directory, { recursive: true })
  const json = (id: string) => join(directory, `${id}.json`)
  const eml = (id: string) => join(directory, `${id}.eml`)
  const items = new Map<string, Item>()
  const under = new Map<string, string>()

  const names = new Set(await readdir(directory))
  for (const name of names) {
    // The envelope is written last: a source without one was cut off by a kill.
    const whole = names.has(name.replace(/\.eml$/, '.json'))
    if (name.endsWith('.json')) {
      const item = JSON.parse(await readFile(join(directory, name), 'utf8')) as Item
      items.set(item.id, item)
    } else if (!whole) await rm(join(directory, name), { force: true })
  }

  async function keep(item: Item): Promise<void> {
    await writeFile(`${json(item.id)}.new`, JSON.stringify(item), { mode: 0o600 })
    await rename(`${json(item.id)}.new`, json(item.id))
  }
  async function remove({ id }: Item): Promise<void> {
    items.delete(id)
    await rm(json(id), { force: true })
    await rm(eml(id), { force: true })
  }
  async function put(account: string, from: string, to: string, source: Buffer): Promise<void> {
    const item: Item = { id: randomUUID(), account, from, to, size: source.length, tries: 0, due: Date.now() }
    await writeFile(eml(item.id), source, { mode: 0o600 })
    await keep(item)
    items.set(item.id, item)
  }

  async function one(item: Item): Promise<void> {
    const source = await readFile(eml(item.id)).catch(() => null)
    if (source === null) return remove(item)
    const answer = await hand({ from: item.from, to: item.to, source })
    // Its account is gone meanwhile.
    if (!items.has(item.id)) return
    if (answer.accepted) return remove(item)
    item.tries++
    const wait = pace.triesMs[item.tries]
    if (answer.code < 500 && wait !== undefined) {
      item.due = Date.now() + wait
      return keep(item)
    }
    // Nobody is told of a bounce that can't be delivered (RFC 5321, 4.5.5).
    if (item.from !== '')
      await put(
        item.account,
        '',
        item.from,
        bounce({ ...item, reply: answer.reply, code: answer.code, source }),
      )
    await remove(item)
  }

  const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase()
  let timer: NodeJS.Timeout | undefined
  /** Begins what is due and has a place, and comes back for the rest. */
  function turn(): void {
    clearTimeout(timer)
    const now = Date.now()
    let next = Number.POSITIVE_INFINITY
    for (const item of items.values()) {
      if (under.has(item.id)) continue
      if (item.due > now) {
        next = Math.min(next, item.due)
        continue
      }
      const domain = domainOf(item.to)
      const busy = [...under.values()].filter(one => one === domain).length
      if (under.size >= pace.most || busy >= pace.perDomain) continue
      under.set(item.id, domain)
      one(item)
        .catch((error: Error) => {
          console.error('relais:', error)
          item.due = Date.now() + 5000
        })
        .finally(() => {
          under.delete(item.id)
          turn()
        })
    }
    if (Number.isFinite(next)) timer = setTimeout(turn, Math.max(10, next - now))
  }
  turn()

  return {
    fits(account, recipients, bytes) {
      const all = [...items.values()]
      const own = all.filter(item => item.account === account)
      const sum = (some: Item[]) => some.reduce((total, { size }) => total + size, 0)
      const limits = QUEUE_LIMITS
      return (
        all.length + recipients <= limits.items &&
        own.length + recipients <= limits.itemsOfOne &&
        sum(all) + bytes * recipients <= limits.bytes &&
        sum(own) + bytes * recipients <= limits.bytesOfOne
      )
    },
    async add(account, from, to, source) {
      for (const recipient of to) await put(account, from, recipient, source)
      turn()
    },
    async drop(account) {
      for (const item of [...items.values()]) if (item.account === account) await remove(item)
    },
    size: () => items.size,
  }
}
