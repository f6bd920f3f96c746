/** The network of an event and its internet container: made, found, sealed, asked. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { request } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { EVENTS, internetAddress, subnets } from './addresses.ts'
import type { Engine } from './docker.ts'
import { CONTROL_SOCKET } from './internet/api.ts'
import { LABEL } from './labels.ts'
import { hostConfig } from './machines.ts'
import { bridgeName, seal, sealOptions } from './seal.ts'
import { LabError, type Progress } from './types.ts'

/** Names and place of an event on the engine. */
export interface EventPlace {
  network: string
  internet: string
  index: number
}

/** Some seconds on a quiet machine; a small one with many containers needs longer, and it is not waited for beyond its end. */
const HEALTHY_MS = 60_000
const CONNECT_S = 5

/** Finds or makes the network, seals the host, finds or makes the internet container and waits until it is healthy. */
export async function ensureEventOn(
  engine: Engine,
  where: { instance: string; event: string; image: string },
  progress: Progress,
): Promise<EventPlace & { fresh: boolean }> {
  const prefix = `ten-${where.instance}-${where.event}`
  const labels = { [LABEL.instance]: where.instance, [LABEL.event]: where.event }
  const { major, podman } = await engine.version()
  progress('network')
  const index = await ensureNetwork(engine, prefix, labels, major)
  if (major < 28 || podman) await seal(engine, where.image)

  const place = { network: prefix, internet: `${prefix}-internet`, index }
  const existing = (await engine.containers(`${LABEL.instance}=${where.instance}`)).find(
    c => c.name === place.internet,
  )
  const keep = existing?.image === where.image
  if (existing && !keep) await engine.remove(place.internet)
  if (!keep) {
    const address = internetAddress(index)
    const nets = subnets(index)
    await engine.create({
      name: place.internet,
      Image: where.image,
      Hostname: 'internet',
      Env: [
        `LAB_IPV4=${address.ipv4}`,
        `LAB_IPV6=${address.ipv6}`,
        `LAB_SUBNET4=${nets.ipv4}`,
        `LAB_SUBNET6=${nets.ipv6}`,
      ],
      Labels: { ...labels, [LABEL.kind]: 'internet' },
      HostConfig: {
        ...hostConfig('internet', place.network, '127.0.0.1'),
        // Zones and mailboxes are of the event, not of this container: a newer image goes on with them.
        Mounts: [
          {
            Type: 'volume',
            Source: volumeOf(place.network),
            Target: '/var/lib/internet',
            VolumeOptions: { NoCopy: true, Labels: labels, DriverConfig: { Name: 'local', Options: {} } },
          },
        ],
      },
      NetworkingConfig: {
        EndpointsConfig: {
          [place.network]: { IPAMConfig: { IPv4Address: address.ipv4, IPv6Address: address.ipv6 } },
        },
      },
    })
  }
  if (!existing?.running || !keep) {
    progress('internet')
    await engine.start(place.internet)
  }
  await healthy(engine, place.internet)
  return { ...place, fresh: !keep }
}

/** The volume of an event, by its network's name. */
export const volumeOf = (network: string): string => `${network}-state`

/** Two installations may choose the same block at the same moment: the engine refuses one, which takes the next. */
async function ensureNetwork(engine: Engine, name: string, labels: Record<string, string>, major: number) {
  const all = await engine.networks(LABEL.kind)
  const mine = all.find(n => n.name === name)
  if (mine) return Number(mine.labels[LABEL.index])
  const taken = new Set(all.map(n => Number(n.labels[LABEL.index])))
  // Another engine on this host has bridges too, and does not tell us: begin elsewhere than it, and look.
  const first = createHash('sha256').update(name).digest().readUInt16BE() % EVENTS
  for (let i = 0; i < EVENTS; i++) {
    const index = (first + i) % EVENTS
    if (taken.has(index) || existsSync(`/sys/class/net/${bridgeName(index)}`)) continue
    const nets = subnets(index)
    try {
      await engine.createNetwork({
        Name: name,
        Driver: 'bridge',
        Internal: true,
        EnableIPv6: true,
        CheckDuplicate: true,
        IPAM: { Driver: 'default', Config: [{ Subnet: nets.ipv4 }, { Subnet: nets.ipv6 }] },
        Options: sealOptions(major, index),
        Labels: { ...labels, [LABEL.kind]: 'network', [LABEL.index]: `${index}` },
      })
      return index
    } catch (error) {
      if (!(error instanceof LabError) || !/overlap|conflicts|in use|already exists/i.test(error.message))
        throw error
    }
  }
  throw new LabError('full', `all ${EVENTS} address blocks for events are taken`)
}

async function healthy(engine: Engine, internet: string): Promise<void> {
  const end = Date.now() + HEALTHY_MS
  for (;;) {
    try {
      await internetRequest(engine, internet, 'GET', '/health')
      return
    } catch (error) {
      if (Date.now() > end)
        throw new LabError(
          'slow',
          `the lab internet was not healthy within ${HEALTHY_MS / 1000} s: ${(error as Error).message}`,
          {
            cause: error,
          },
        )
    }
    await sleep(150)
  }
}

/** One JSON request to the control socket. Errors of the far side come as `refused` with their text. */
export async function internetRequest<T>(
  engine: Engine,
  internet: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const stream = await engine.pipe(internet, ['socat', '-t', '30', '-', `UNIX-CONNECT:${CONTROL_SOCKET}`])
  const payload = body === undefined ? '' : JSON.stringify(body)
  try {
    return await new Promise<T>((resolve, reject) => {
      const call = request(
        {
          createConnection: () => stream,
          method,
          path,
          headers: {
            host: 'internet',
            connection: 'close',
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(payload),
          },
          timeout: 60_000,
        },
        response => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString()
            if (response.statusCode === 204) return resolve(undefined as T)
            if ((response.statusCode ?? 500) < 300) return resolve(JSON.parse(text) as T)
            const status = response.statusCode ?? 500
            reject(new LabError('refused', `${method} ${path}: ${text}`, { status }))
          })
        },
      )
      call.on('timeout', () => call.destroy(new LabError('slow', `${method} ${path}: no answer within 60 s`)))
      call.on('error', reject)
      call.end(payload)
    })
  } finally {
    stream.destroy()
  }
}

/** TCP from the internet container. socat says on stderr when it is connected, and why not when it isn't. */
export async function internetTunnel(
  engine: Engine,
  internet: string,
  to: { host: string; port: number },
): Promise<Duplex> {
  const host = to.host.includes(':') ? `[${to.host}]` : to.host
  const argv = [
    'socat',
    '-d',
    '-d',
    '-t',
    '5',
    '-',
    `TCP:${host}:${to.port},connect-timeout=${CONNECT_S},nodelay`,
  ]
  let log = ''
  const connected = Promise.withResolvers<void>()
  const stream = await engine.pipe(internet, argv, {}, chunk => {
    if (log.length < 8192) log += chunk.toString()
    if (log.includes('starting data transfer loop')) connected.resolve()
  })
  const refuse = () => {
    const why = log
      .split('\n')
      .filter(line => / [EW] /.test(line))
      .at(-1)
    connected.reject(new LabError('refused', why?.replace(/^.* [EW] /, '') ?? 'the connection ended at once'))
  }
  stream.once('close', refuse)
  stream.once('end', refuse)
  const timer = setTimeout(
    () =>
      connected.reject(new LabError('slow', `no connection to ${host}:${to.port} within ${CONNECT_S + 5} s`)),
    (CONNECT_S + 5) * 1000,
  )
  try {
    await connected.promise
    return stream
  } catch (error) {
    stream.destroy()
    throw error
  } finally {
    clearTimeout(timer)
    stream.off('close', refuse)
    stream.off('end', refuse)
  }
}
