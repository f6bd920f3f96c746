/** The validating resolver that all machines of the lab use. */
import { connect } from 'node:net'
import type { ResolveAnswer } from './api.ts'
import { run } from './run.ts'

/** Reads what `dig +noall +comments +answer` prints; throws if there is no answer in it. */
export function readDig(text: string, type: string): ResolveAnswer {
  const status = /status: ([A-Z]+)/.exec(text)?.[1]
  const flags = /flags: ([a-z ]*);/.exec(text)?.[1]
  if (status === undefined || flags === undefined)
    throw new Error(`no answer from the resolver: ${text.trim()}`)
  const answers: string[] = []
  for (const line of text.split('\n')) {
    const [, found, data] = /^\S+\s+\d+\s+IN\s+(\S+)\s+(.*)$/.exec(line) ?? []
    // The CNAMEs that lead to an answer are on the way there, not the answer.
    if (found === type && data !== undefined) answers.push(data)
  }
  return { status, answers, authentic: flags.split(' ').includes('ad') }
}

/** Asks the lab's resolver, or another name server; a name without final dot is absolute all the same. */
export async function resolve(name: string, type: string, server = '127.0.0.1'): Promise<ResolveAnswer> {
  const options = [
    '+noall',
    '+comments',
    '+answer',
    '+time=4',
    '+tries=1',
    '+nosearch',
    '+noidnin',
    '+noidnout',
  ]
  return readDig(await run('dig', [`@${server}`, '-q', name, '-t', type, '-c', 'IN', ...options]), type)
}

const CONTROL_MS = 20_000

/** One command on Unbound's control socket, spoken directly: a process for each would be most of a change's time. */
function control(command: string): Promise<void> {
  return new Promise((done, fail) => {
    let text = ''
    const socket = connect('/run/unbound/control.sock')
    socket.setTimeout(CONTROL_MS, () =>
      socket.destroy(new Error(`unbound ${command}: no answer within ${CONTROL_MS / 1000} s`)),
    )
    socket.on('error', fail)
    socket.on('data', chunk => {
      text += chunk
    })
    socket.on('end', () => {
      if (text.startsWith('ok')) done()
      else fail(new Error(`unbound ${command}: ${text.trim()}`))
    })
    socket.write(`UBCT1 ${command}\n`)
  })
}

/**
 * Forgets all that the resolver knows of these zones: answers, failures and the keys or their proven absence,
 * so that a change shows at once. Learners' own name servers keep their TTLs.
 */
export async function forget(zones: readonly string[]): Promise<void> {
  for (const zone of zones) await control(`flush_zone ${zone}`)
}

/** Forgets everything, and which name servers did not answer. */
export async function forgetAll(): Promise<void> {
  await control('flush_zone .')
  await control('flush_infra all')
}
