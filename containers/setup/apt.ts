import type { Progress } from '../types.ts'
import type { Host } from './host.ts'
import { SetupError } from './setup-error.ts'

const ENV = { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l', LC_ALL: 'C.UTF-8' }
// On a fresh machine the first automatic update may hold the lock for a minute or two.
const APT = [
  'apt-get',
  '-o',
  'DPkg::Lock::Timeout=300',
  '-o',
  'Acquire::http::Timeout=20',
  '-o',
  'Acquire::Retries=2',
]

/** Installs Debian packages as root; the lists are fetched where they are missing or too old. Throws `SetupError`. */
export async function aptInstall(host: Host, packages: string[], progress: Progress): Promise<void> {
  const run = (args: string[]) => host.run([...APT, ...args], { env: ENV, onLine: progress })
  const install = () => run(['install', '-y', '--no-install-recommends', ...packages])

  const known = host.list('/var/lib/apt/lists').some(name => /_Packages(\.\w+)?$/.test(name))
  if (known && (await install()).code === 0) return
  const update = await run(['update'])
  const { code, tail } = await install()
  if (code === 0) return
  const lines = update.code === 0 ? tail : [...update.tail.slice(-5), ...tail]
  throw new SetupError(
    `apt-get could not install ${packages.join(' ')}:\n${lines.map(line => `  ${line}`).join('\n')}`,
    `Mend what it says above (network? disk? another apt that runs?), then: apt-get update && apt-get install ${packages.join(' ')}`,
  )
}
