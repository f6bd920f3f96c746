import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine } from './docker.ts'

const RETRY_MS = 1000

/**
 * Tells when the engine goes and comes back: its event stream ends with it, and a ping is retried until it answers.
 * The first call says how things are at the beginning. Gives a function that ends the watch.
 */
export function watchEngine(
  engine: Engine,
  label: string,
  listener: (state: 'up' | 'down') => void,
): () => void {
  const end = new AbortController()
  void (async () => {
    let state: 'up' | 'down' | null = null
    const tell = (now: 'up' | 'down') => {
      if (now !== state && !end.signal.aborted) listener(now)
      state = now
    }
    while (!end.signal.aborted) {
      if (await engine.answers()) {
        tell('up')
        try {
          for await (const _ of engine.events(label, end.signal)) if (end.signal.aborted) return
        } catch {
          // The stream broke: whether the engine is gone, the next ping tells.
        }
        if (!(await engine.answers())) tell('down')
        else await sleep(RETRY_MS)
      } else {
        tell('down')
        await sleep(RETRY_MS)
      }
    }
  })()
  return () => end.abort()
}
