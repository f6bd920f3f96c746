/** What all commands share: one clear message for a failure, and an end that is clean the first time one asks. */
import { SetupError } from '../../containers/setup/setup-error.ts'
import { Report } from './report.ts'

export interface Context {
  report: Report
  /** Ends with the program: child processes hang on it. */
  signal: AbortSignal
  /** Registers what a first Ctrl-C or SIGTERM closes before the program ends with exit code 0. */
  onStop(close: () => Promise<void>): void
}

// Terminal, npm and launcher may each send the same Ctrl-C: within this time it is one.
const SAME_MS = 400
const CLOSE_BUDGET_MS = 10_000

/** Runs a command; a number that it gives is the exit code, without one it goes on until it is stopped. */
export function program(main: (context: Context) => Promise<number | undefined>): void {
  const control = new AbortController()
  let close: (() => Promise<void>) | undefined
  let first = 0

  const end = (code: number): never => {
    control.abort()
    process.exit(code)
  }
  const fail = (error: unknown) => {
    process.stderr.write(`\n${messageOf(error)}\n`)
    end(1)
  }
  const stop = () => {
    const now = Date.now()
    if (first > 0) return now - first > SAME_MS ? end(130) : undefined
    first = now
    if (!close) return end(130)
    setTimeout(() => fail(new Error('The server did not close in time.')), CLOSE_BUDGET_MS).unref()
    close().then(() => end(0), fail)
  }

  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('SIGHUP', stop)
  process.on('uncaughtException', fail)
  main({
    report: new Report(),
    signal: control.signal,
    onStop: work => {
      close = work
    },
  }).then(code => {
    if (code !== undefined) end(code)
  }, fail)
}

/** What happened and what to do about it. */
export function messageOf(error: unknown): string {
  if (error instanceof SetupError) return `${error.message}\n\n${error.remedy}`
  if (!(error instanceof Error)) return String(error)
  return process.env.DEBUG
    ? (error.stack ?? error.message)
    : `${error.name}: ${error.message}\n\n(DEBUG=1 shows where.)`
}
