import { Overrun, type ProbeError } from './error.ts'

/** A wait shorter than this at the moment of an overrun is not what used the budget up. */
const BLAMED_MS = 3000

/**
 * Waits for `work`, at most `ms`, and not after `signal`. Every wait of a probe goes through here, so that none is
 * without an end. It does not end `work` itself: who calls closes what it was waiting on.
 */
export function within<T>(
  work: Promise<T>,
  limit: {
    ms: number
    signal: AbortSignal
    /** The error when time is up; gets the seconds waited. */
    late(seconds: number): ProbeError
  },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const began = Date.now()
    const seconds = () => Math.max(1, Math.round((Date.now() - began) / 1000))
    const settle = (act: () => void) => {
      clearTimeout(timer)
      limit.signal.removeEventListener('abort', aborted)
      act()
    }
    const aborted = () => {
      const blamed = limit.signal.reason instanceof Overrun && Date.now() - began >= BLAMED_MS
      settle(() => reject(blamed ? limit.late(seconds()) : limit.signal.reason))
    }
    const timer = setTimeout(() => settle(() => reject(limit.late(seconds()))), limit.ms)
    if (limit.signal.aborted) aborted()
    else limit.signal.addEventListener('abort', aborted, { once: true })
    work.then(
      value => settle(() => resolve(value)),
      error => settle(() => reject(error)),
    )
  })
}
