/**
 * What the pinned Node is linked to and a small Debian does not have: libatomic.so.1 (Node's own builds need it since
 * version 25; Debian's Node does not). Without it even `npm ci` fails, because packages' scripts run under that Node.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { quietly } from './quiet.mjs'

const WHY = 'Node 26 needs the library libatomic.so.1, which is not on this machine.'
const env = {
  ...process.env,
  PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin`,
  DEBIAN_FRONTEND: 'noninteractive',
}

/** Installs it on Debian and Ubuntu as root. Throws elsewhere, with the command to do it by hand. */
export async function ensureLibraries() {
  if (process.platform !== 'linux') return
  const { stdout, error } = spawnSync('ldconfig', ['-p'], { encoding: 'utf8', env })
  // Without ldconfig (Alpine, Nix) there is no telling; the pinned Node itself will say what it lacks.
  if (error || stdout.includes('libatomic.so.1')) return
  const apt = existsSync('/usr/bin/apt-get')
  if (!apt || process.getuid() !== 0) {
    const commands = apt
      ? 'sudo apt-get install libatomic1'
      : 'Fedora: sudo dnf install libatomic; Arch: sudo pacman -S gcc-libs; openSUSE: sudo zypper install libatomic1'
    throw new Error(`${WHY}\nInstall it (${commands}), then run the same command again.`)
  }
  try {
    const lists = readdirSync('/var/lib/apt/lists').some(name => name.includes('_Packages'))
    if (!lists) await quietly('apt-get update', 'apt-get', ['update'], { env })
    const install = [
      '-o',
      'DPkg::Lock::Timeout=300',
      'install',
      '-y',
      '--no-install-recommends',
      'libatomic1',
    ]
    await quietly('libatomic1 for Node 26', 'apt-get', install, { env })
  } catch (failure) {
    throw new Error(
      `${failure.message}\n${WHY}\nMend the above, then: apt-get update && apt-get install libatomic1`,
    )
  }
}
