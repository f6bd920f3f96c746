/** Houses of strangers at which participants knock: one address each, real listeners behind its open doors. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createSecureContext, createServer as createTlsServer, type SecureContext, TLSSocket } from 'node:tls'
import type { Door, DoorsBody } from '../api.ts'
import { run } from '../run.ts'
import { talk } from './talk.ts'

/** At one door at once: nobody keeps another's doors shut, nor takes the program's sockets. */
const VISITORS = 20

export interface Houses {
  put(participant: string, body: DoorsBody): Promise<void>
  remove(participant: string): Promise<void>
  /** Shuts all doors, to be opened again by the next `openHouses`. */
  close(): Promise<void>
}

/** Opens again what was open at the last stop. `put` rejects if a door can't be opened. */
export async function openHouses(directory: string): Promise<Houses> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const open = new Map<string, Server[]>()
  const file = (participant: string, kind: string) => join(directory, `${participant}.${kind}`)

  /** Whoever is inside may finish; the doors are shut at once. */
  function close(participant: string): void {
    for (const server of open.get(participant) ?? []) server.close()
    open.delete(participant)
  }

  async function start(participant: string, { address, doors }: DoorsBody): Promise<void> {
    const pair = {
      key: await readFile(file(participant, 'key')),
      cert: await readFile(file(participant, 'crt')),
    }
    const servers = doors.map(door => doorOf(door, `[${address}]`, pair))
    open.set(participant, servers)
    await Promise.all(
      servers.map(
        (server, i) =>
          new Promise<void>((done, fail) =>
            server.on('error', fail).listen(doors[i]?.port, address, () => done()),
          ),
      ),
    )
  }

  for (const name of (await readdir(directory)).filter(name => name.endsWith('.json'))) {
    const participant = name.replace(/\.json$/, '')
    try {
      await start(participant, JSON.parse(await readFile(join(directory, name), 'utf8')) as DoorsBody)
    } catch (error) {
      // The event may have moved to other addresses: one house less is no reason to have no internet.
      console.error(`the house of ${participant}:`, error)
      close(participant)
    }
  }

  // One change at a time: an address must be free before it is listened on anew.
  let last: Promise<unknown> = Promise.resolve()
  function inTurn(work: () => Promise<void>): Promise<void> {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }

  return {
    close: () => inTurn(async () => [...open.keys()].forEach(close)),
    put: (participant, body) =>
      inTurn(async () => {
        close(participant)
        await sign(file(participant, 'key'), file(participant, 'crt'), body.certificate)
        await start(participant, body)
        // Written last: what has no JSON is not opened at the next start.
        await writeFile(file(participant, 'new'), JSON.stringify(body))
        await rename(file(participant, 'new'), file(participant, 'json'))
      }),
    remove: participant =>
      inTurn(async () => {
        close(participant)
        for (const kind of ['json', 'key', 'crt']) await rm(file(participant, kind), { force: true })
      }),
  }
}

/** A key and a certificate that it signed itself, as old servers have them. */
async function sign(key: string, certificate: string, name: string): Promise<void> {
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '365'],
    ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-keyout', key, '-out', certificate],
  ])
}

function doorOf({ speaks, tls }: Door, name: string, pair: { key: Buffer; cert: Buffer }): Server {
  const context = createSecureContext(pair)
  const server =
    tls === 'first'
      ? createTlsServer({ ...pair, handshakeTimeout: 20_000 }, socket =>
          talk(socket, { speaks, name, greet: true }),
        )
      : createServer(socket =>
          talk(
            socket,
            { speaks, name, greet: true },
            tls === 'starttls' ? raw => secured(raw, context, { speaks, name }) : undefined,
          ),
        )
  server.maxConnections = VISITORS
  // A visitor who speaks in clear to TLS, or hangs up, is why one knocks.
  server.on('tlsClientError', () => {})
  return server
}

function secured(
  raw: Socket,
  secureContext: SecureContext,
  how: { speaks: Door['speaks']; name: string },
): void {
  talk(new TLSSocket(raw, { isServer: true, secureContext }), { ...how, greet: false })
}
