import type { Lab, Labs } from '../containers/types.ts'

const BOOT_S = 60

/**
 * Prints the port of each listening socket (`st` 0A in proc_net_tcp(5)) in hexadecimal. Not those on 127.0.0.0/8 and ::1,
 * in the kernel's byte order: the engine's own resolver sits there, on another port each time.
 */
const PORTS = `ports() {
  cat /proc/net/tcp /proc/net/tcp6 | while read -r _ local _ state _; do
    case $state,$local in
      0A,??????7F:* | 0A,00000000000000000000000001000000:*) ;;
      0A,*) echo "\${local#*:}" ;;
    esac
  done
}`

/** The TCP ports of a server on which somebody listens for other hosts, in ascending order. */
export async function listening(labs: Labs, lab: Lab): Promise<number[]> {
  const { stdout } = await labs.exec(lab, 'server', ['sh', '-c', `${PORTS}; ports`])
  const ports = stdout.split('\n').flatMap(port => (port ? [Number.parseInt(port, 16)] : []))
  return [...new Set(ports)].sort((a, b) => a - b)
}

/** Looks in the machine itself: each look from outside would be processes of the engine. */
const WAIT = `${PORTS}
left=$1; shift
for port; do
  until ports | grep -qx "$port"; do
    [ $((left -= 1)) -gt 0 ] || { echo "$port"; exit 1; }
    sleep 0.2
  done
done`

/** Waits until init has brought these ports up. Throws with the first that is missing when time is up. */
export async function ready(labs: Labs, lab: Lab, ports: readonly number[]): Promise<void> {
  const hex = ports.map(port => port.toString(16).toUpperCase().padStart(4, '0'))
  const argv = ['sh', '-c', WAIT, 'wait', `${BOOT_S * 5}`, ...hex]
  const { code, stdout, stderr } = await labs.exec(lab, 'server', argv, { timeoutMs: BOOT_S * 2000 })
  if (code === 0) return
  const missing = Number.parseInt(stdout, 16)
  const what = Number.isNaN(missing) ? stderr.trim() : `nobody listens on ${missing} within ${BOOT_S} s`
  throw new Error(`${lab.host}: ${what}`)
}
