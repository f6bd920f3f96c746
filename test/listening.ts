import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab, Labs } from '../containers/types.ts'

const BOOT_MS = 30_000
const POLL_MS = 250
/** `st` of a listening socket in proc_net_tcp(5). */
const LISTEN = '0A'

/** The TCP ports of a server on which somebody listens for other hosts, in ascending order. */
export async function listening(labs: Labs, lab: Lab): Promise<number[]> {
  const { stdout } = await labs.exec(lab, 'server', ['cat', '/proc/net/tcp', '/proc/net/tcp6'])
  const ports = stdout.split('\n').flatMap(line => {
    const [, local = '', , state] = line.trim().split(/\s+/)
    const [address = '', port = ''] = local.split(':')
    // 127.0.0.0/8 and ::1, in the kernel's byte order: the engine's own resolver sits there, on another port each time.
    const loopback = /^(.{6}7F|0{24}01000000)$/.test(address)
    return state === LISTEN && !loopback ? [Number.parseInt(port, 16)] : []
  })
  return [...new Set(ports)].sort((a, b) => a - b)
}

/** Waits until init has brought these ports up. Throws with those that are missing when time is up. */
export async function ready(labs: Labs, lab: Lab, ports: number[]): Promise<void> {
  const end = Date.now() + BOOT_MS
  for (;;) {
    const up = await listening(labs, lab)
    const missing = ports.filter(port => !up.includes(port))
    if (!missing.length) return
    if (Date.now() > end) {
      throw new Error(
        `${lab.host}: nobody listens on ${missing.join(', ')} within ${BOOT_MS / 1000} s of its start`,
      )
    }
    await sleep(POLL_MS)
  }
}
