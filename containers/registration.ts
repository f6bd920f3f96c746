/** A lab's domain at the registrar: its addresses, its key, and the key's place on the desk. */
import { createHmac } from 'node:crypto'
import type { RegisterBody } from './internet/api.ts'
import { relaySlip } from './relay-slip.ts'
import type { Lab, StartFileOnMachine } from './types.ts'

/** From the lab's seed, so that it need not be kept anywhere; the learner finds it on the desk. */
const keyOf = ({ seed }: Lab): string =>
  createHmac('sha256', Buffer.from(seed, 'hex')).update('registrar').digest('base64')

/** The participant's password at the gateway, likewise: 120 bits that are typed without quotes. */
const relayPassword = ({ seed }: Lab): string =>
  createHmac('sha256', Buffer.from(seed, 'hex'))
    .update('relay')
    .digest('base64url')
    .slice(0, 20)
    .replaceAll('-', '0')
    .replaceAll('_', '1')

export const registration = (
  lab: Lab,
  names: Omit<RegisterBody, 'addresses' | 'key' | 'relay'> = { records: [], reverse: {} },
): RegisterBody => ({
  ...names,
  addresses: Object.values(lab.address).flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]),
  key: keyOf(lab),
  relay: relayPassword(lab),
})

/**
 * What lies on the machines from the beginning: in the participant's home on the desk the key, `nsupdate -k
 * ~/registrar.key`; on both the slip with the gateway's password, on the server for root alone.
 */
export const deskFiles = (lab: Lab): StartFileOnMachine[] => [
  {
    machine: 'desk',
    path: '/etc/skel/registrar.key',
    mode: 0o600,
    content: `key "${lab.domain}" {\n\talgorithm hmac-sha256;\n\tsecret "${keyOf(lab)}";\n};\n`,
  },
  ...(['desk', 'server'] as const).map(machine => ({
    machine,
    path: '/srv/slips/relay.txt',
    mode: machine === 'desk' ? 0o644 : 0o600,
    content: relaySlip(lab, relayPassword(lab)),
  })),
]
