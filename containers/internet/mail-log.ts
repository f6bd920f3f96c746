/** What happened to mail in this internet, for whoever watches: the map, the checks, the trainer's board. */
import { Readable } from 'node:stream'
import type { MailEvent } from './api.ts'

/** What is remembered for those who come later. */
const REMEMBERED = 1000
/** A watcher that reads no more is let go at this many events behind; it comes back with the number of its last one. */
const BEHIND = 5000

export class MailLog {
  /** Numbers go on growing over a restart: nobody sees a thousand events a second for long. */
  #last = Date.now()
  readonly #events: MailEvent[] = []
  readonly #watchers = new Set<Readable>()

  /** Numbers the event, keeps it for a while, and tells all who watch. */
  add(event: Omit<MailEvent, 'id' | 'at'>): MailEvent {
    const whole: MailEvent = { id: ++this.#last, at: Date.now(), ...event }
    this.#events.push(whole)
    if (this.#events.length > REMEMBERED) this.#events.splice(this.#first(), 1)
    for (const watcher of this.#watchers) {
      if (watcher.readableLength > BEHIND) watcher.destroy()
      else watcher.push(line(whole))
    }
    return whole
  }

  /** The oldest event of whoever has most of them: a flood of one must not push out another's few messages. */
  #first(): number {
    const counts = new Map<string, number>()
    for (const { from } of this.#events) counts.set(from, (counts.get(from) ?? 0) + 1)
    const [most] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a))
    return this.#events.findIndex(({ from }) => from === most)
  }

  /** What is remembered, oldest first. */
  recent(): readonly MailEvent[] {
    return this.#events
  }

  /** The events after `since`, then each as it happens: lines of JSON. */
  follow(since: number): Readable {
    const watcher = new Readable({
      // In an array's length, not in bytes: each push is one event.
      objectMode: true,
      read() {},
      destroy: (error, done) => {
        this.#watchers.delete(watcher)
        done(error)
      },
    })
    for (const event of this.#events) if (event.id > since) watcher.push(line(event))
    this.#watchers.add(watcher)
    return watcher
  }
}

const line = (event: MailEvent) => `${JSON.stringify(event)}\n`
