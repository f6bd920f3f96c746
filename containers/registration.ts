/** A lab's domain at the registrar: its addresses, its key, and the key's place on the desk. */
import { createHmac } from 'node:crypto'
import type { RegisterBody } from './internet/api.ts'
import type { Lab, Start, StartFileOnMachine } from './types.ts'

/** From the lab's seed, so that it need not be kept anywhere; the learner finds it on the desk. */
const keyOf = ({ seed }: Lab): string =>
  createHmac('sha256', Buffer.from(seed, 'hex')).update('registrar').digest('base64')

export const registration = (
  lab: Lab,
  names: ReturnType<NonNullable<Start['names']>> = { records: [], reverse: {} },
): RegisterBody => ({
  ...names,
  addresses: Object.values(lab.address).flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]),
  key: keyOf(lab),
})

/** What lies in the participant's home on the desk; there the key is `nsupdate -k ~/registrar.key`. */
export const deskFiles = (lab: Lab): StartFileOnMachine[] => [
  {
    machine: 'desk',
    path: '/etc/skel/registrar.key',
    mode: 0o600,
    content: `key "${lab.domain}" {\n\talgorithm hmac-sha256;\n\tsecret "${keyOf(lab)}";\n};\n`,
  },
]
