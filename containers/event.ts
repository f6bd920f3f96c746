/** The network of an event and its internet container: made, found, sealed. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { EVENTS, internetAddress, subnets } from './addresses.ts'
import type { Engine } from './docker.ts'
import { InternetLine } from './internet-line.ts'
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

/** An event that is up, and the way to ask its internet. */
export interface OpenEvent extends EventPlace {
  line: InternetLine
}

/** It takes three seconds; on a machine that does much else besides, many times that. */
const HEALTHY_MS = 90_000
/** Each look asks nine services: a busy machine is not helped by more of them. */
const LOOK_MS = [50, 100, 200, 500]

/** Finds or makes the network, seals the host, finds or makes the internet container and waits until it is healthy. */
export async function ensureEventOn(
  engine: Engine,
  where: { instance: string; event: string; image: string },
  progress: Progress,
): Promise<OpenEvent & { fresh: boolean }> {
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
  const line = new InternetLine(engine, place.internet)
  try {
    await healthy(line)
  } catch (error) {
    line.close()
    throw error
  }
  return { ...place, line, fresh: !keep }
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

/** As soon as every service is up. Throws `slow` with what is not. */
async function healthy(line: InternetLine): Promise<void> {
  const end = Date.now() + HEALTHY_MS
  for (let look = 0; ; look++) {
    try {
      await line.request('GET', '/health')
      return
    } catch (error) {
      if (Date.now() > end) {
        const why = (error as Error).message
        const message = `the lab internet was not healthy within ${HEALTHY_MS / 1000} s: ${why}`
        throw new LabError('slow', message, { cause: error })
      }
    }
    await sleep(LOOK_MS[Math.min(look, LOOK_MS.length - 1)])
  }
}
