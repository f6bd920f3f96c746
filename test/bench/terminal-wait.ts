/** Waiting for what a terminal prints, and sums over what was measured. */
import type { Session } from './terminal-sessions.ts'

/** Resolves when `mark` has come out; rejects after `ms`. Gives the number of bytes up to then. */
export function printed(session: Session, mark: string, ms = 15_000): Promise<number> {
  return new Promise((resolve, reject) => {
    let tail = ''
    let bytes = 0
    const timer = setTimeout(() => reject(new Error(`no «${mark}» within ${ms} ms: ${tail}`)), ms)
    session.onData = chunk => {
      bytes += chunk.length
      tail = (tail + chunk.toString('latin1')).slice(-4096)
      if (!tail.includes(mark)) return
      clearTimeout(timer)
      session.onData = () => {}
      resolve(bytes)
    }
  })
}

/** Types a command whose last output is `mark`; the echo of the command itself must not hold the mark. */
export async function run(session: Session, command: string, mark: string): Promise<void> {
  const done = printed(session, mark)
  session.write(`${command}\n`)
  await done
}

export const sleep = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms))

export function quantile(values: number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}

export const median = (values: number[]): number => quantile(values, 0.5)
