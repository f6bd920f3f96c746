/** Whether a port is free, and by what it looks taken if not. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { SetupError } from '../../containers/setup/setup-error.ts'
import { urlOf } from './settings.ts'

/** Null if we could listen there, else the error's code. */
export function portFault(host: string, port: number): Promise<string | null> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', error => resolve((error as NodeJS.ErrnoException).code ?? error.message))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)))
  })
}

/** Throws `SetupError` that says who has the port and how to choose another. */
export async function ensurePortFree(host: string, port: number): Promise<void> {
  const fault = await portFault(host, port)
  if (!fault) return
  if (fault === 'EADDRINUSE') {
    const answer = await whoAnswers(urlOf(host, port))
    const owner = processAt(port)
    throw new SetupError(
      `Port ${port} on ${host} is taken${owner ? ` by ${owner}` : ''}: ${answer}.`,
      `Stop that, or choose another port: PORT=${port < 65535 ? port + 1 : 4321} npm start`,
    )
  }
  const why: Record<string, string> = {
    EACCES: `Ports below 1024 are for root. Choose another one: PORT=4321 npm start`,
    EADDRNOTAVAIL: `${host} is not an address of this machine. Choose another one: HOST=127.0.0.1 npm start`,
    ENOTFOUND: `The name ${host} has no address. Give one: HOST=127.0.0.1 npm start`,
  }
  throw new SetupError(
    `We can't listen on port ${port} of ${host} (${fault}).`,
    why[fault] ?? 'Choose others: HOST=127.0.0.1 PORT=4321 npm start',
  )
}

async function whoAnswers(url: string): Promise<string> {
  try {
    const response = await fetch(url, { redirect: 'follow', signal: AbortSignal.timeout(2000) })
    const body = await response.text()
    if (/Ten steps|10 étapes/.test(body)) return `the course is there already, open ${url}`
    const title = /<title>([^<]{1,60})/.exec(body)?.[1]?.trim()
    const server = response.headers.get('server') ?? response.headers.get('x-powered-by')
    return `a web server${server ? ` (${server})` : ''}${title ? `, «${title}»` : ''}`
  } catch {
    return 'something that does not speak HTTP'
  }
}

/** `name (process 123)` of the listener, on Linux where we may look; else null. */
function processAt(port: number): string | null {
  try {
    const hex = port.toString(16).toUpperCase().padStart(4, '0')
    const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(file =>
      readFileSync(file, 'utf8')
        .split('\n')
        .map(line => line.trim().split(/\s+/))
        // Columns of proc(5): 1 local address, 3 state (0A listens), 9 inode.
        .filter(columns => columns[1]?.endsWith(`:${hex}`) && columns[3] === '0A')
        .map(columns => `socket:[${columns[9]}]`),
    )
    for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name)))
      if (holds(pid, inodes)) return `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (process ${pid})`
  } catch {
    // Not Linux, or the process is gone again: the address alone must do.
  }
  return null
}

function holds(pid: string, sockets: string[]): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some(fd => {
      try {
        return sockets.includes(readlinkSync(`/proc/${pid}/fd/${fd}`))
      } catch {
        return false
      }
    })
  } catch {
    return false
  }
}
