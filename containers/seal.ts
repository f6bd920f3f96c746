/**
 * The seal: machines of a lab reach each other and the internet container, and nothing else.
 *
 * An `--internal` network has no route out, but the host's own services on 0.0.0.0 and :: still answer at its bridge.
 * Engines from 28 have gateway modes without an address on the host. Older ones get a rule instead: whatever comes
 * in on a bridge of ours and is not bridged on to another machine is dropped, in IPv4 and IPv6, set by a one-shot
 * helper with the host's network and NET_ADMIN, nothing more. The rules name a prefix of bridges, so they hold for
 * events that are yet to come. If they can't be set, no lab opens.
 */
import { randomBytes } from 'node:crypto'
import type { Engine } from './docker.ts'
import { LABEL } from './labels.ts'
import { LabError } from './types.ts'

/** Interface names are at most 15 characters long. */
const BRIDGE_PREFIX = 'tenbr'

export const bridgeName = (index: number): string => `${BRIDGE_PREFIX}${index}`

/** Driver options of an event's network, by what the engine knows. */
export function sealOptions(engineMajor: number, index: number): Record<string, string> {
  const name = { 'com.docker.network.bridge.name': bridgeName(index) }
  return engineMajor >= 28
    ? {
        ...name,
        'com.docker.network.bridge.gateway_mode_ipv4': 'isolated',
        'com.docker.network.bridge.gateway_mode_ipv6': 'isolated',
      }
    : { ...name, 'com.docker.network.bridge.inhibit_ipv4': 'true' }
}

const rules = [
  `INPUT -i ${BRIDGE_PREFIX}+ -j DROP`,
  // A machine with raw sockets can address frames to the bridge itself and have the host route them elsewhere.
  `FORWARD -i ${BRIDGE_PREFIX}+ -m physdev ! --physdev-is-bridged -j DROP`,
]

const each = (command: (rule: string) => string): string =>
  ['iptables', 'ip6tables']
    .map(tool => rules.map(rule => command(rule).replaceAll('TOOL', tool)).join('\n'))
    .join('\n')

const SET = `set -e\n${each(rule => `TOOL -w 5 -C ${rule} 2>/dev/null || TOOL -w 5 -I ${rule}`)}`
const UNSET = each(rule => `while TOOL -w 5 -D ${rule} 2>/dev/null; do :; done`)

/** Closes the host to all bridges of ours. Idempotent. Throws `refused` if the rules can't be set. */
export async function seal(engine: Engine, image: string): Promise<void> {
  const { code, output } = await helper(engine, image, SET)
  if (code !== 0)
    throw new LabError(
      'refused',
      `the firewall rules that keep labs away from the host could not be set: ${output.trim()}`,
    )
}

/** Takes the rules away again, when the last lab is gone. */
export async function unseal(engine: Engine, image: string): Promise<void> {
  await helper(engine, image, UNSET)
}

async function helper(engine: Engine, image: string, script: string) {
  const name = `ten-helper-${randomBytes(4).toString('hex')}`
  await engine.create({
    name,
    Image: image,
    Entrypoint: ['/bin/sh', '-c', script],
    Labels: { [LABEL.kind]: 'helper' },
    HostConfig: { NetworkMode: 'host', CapDrop: ['ALL'], CapAdd: ['NET_ADMIN', 'NET_RAW'] },
  })
  try {
    await engine.start(name)
    return await engine.finish(name)
  } finally {
    await engine.remove(name)
  }
}
