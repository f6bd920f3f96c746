/** What to install where no engine answers and we can't or may not do it ourselves. Pure text from facts. */
import type { Host } from './host.ts'
import { distribution } from './linux.ts'

const AGAIN = 'then run the same command again.'

const recipes: { when: string[]; name: string; install: string; start: string }[] = [
  {
    when: ['debian', 'ubuntu'],
    name: 'docker.io',
    install: 'apt-get install docker.io',
    start: 'systemctl enable --now docker',
  },
  {
    when: ['fedora'],
    name: 'moby-engine',
    install: 'dnf install moby-engine',
    start: 'systemctl enable --now docker',
  },
  { when: ['arch'], name: 'docker', install: 'pacman -S docker', start: 'systemctl enable --now docker' },
  {
    when: ['suse', 'opensuse'],
    name: 'docker',
    install: 'zypper install docker',
    start: 'systemctl enable --now docker',
  },
  {
    when: ['alpine'],
    name: 'docker',
    install: 'apk add docker',
    start: 'rc-update add docker && rc-service docker start',
  },
]

/** How to get an engine on this machine. */
export function engineAdvice(host: Host): string {
  if (host.platform === 'darwin') return macAdvice(host)
  if (host.platform === 'win32')
    return `Install Docker Desktop (https://docs.docker.com/desktop/setup/install/windows-install/), work inside WSL 2, ${AGAIN}`
  if (host.platform !== 'linux')
    return `Install a Docker engine, or set DOCKER_HOST to one elsewhere, ${AGAIN}`
  return linuxAdvice(host)
}

function macAdvice(host: Host): string {
  const there: [boolean, string][] = [
    [host.exists('/Applications/OrbStack.app'), 'open -a OrbStack'],
    [host.exists('/Applications/Docker.app'), 'open -a Docker'],
    [host.has('colima'), 'colima start'],
  ]
  const start = there.find(([found]) => found)?.[1]
  if (start) return `It is installed and not running: ${start}\n${AGAIN}`
  return [
    'Install one of these and start it:',
    '  Docker Desktop   brew install --cask docker-desktop && open -a Docker',
    '  OrbStack         brew install --cask orbstack && open -a OrbStack',
    '  Colima           brew install colima docker && colima start --memory 4',
    AGAIN,
  ].join('\n')
}

function linuxAdvice(host: Host): string {
  const ids = distribution(host)
  const recipe = recipes.find(({ when }) => when.some(id => ids.includes(id)))
  if (!recipe)
    return `Install Docker Engine (https://docs.docker.com/engine/install/) or Podman with its socket, start it, ${AGAIN}`
  const sudo = (command: string) => (host.isRoot ? command : command.replace(/(^|&& )/g, '$1sudo '))
  const lines = host.has('dockerd')
    ? ['Docker is installed and not running:', `  ${sudo(recipe.start)}`]
    : [
        `Install the package ${recipe.name} and start it:`,
        `  ${sudo(recipe.install)} && ${sudo(recipe.start)}`,
      ]
  if (!host.isRoot)
    lines.push('  sudo usermod -aG docker "$USER"      # and log in again: members may use the engine')
  return [...lines, AGAIN].join('\n')
}

/** How to be let in where a socket is there and refuses us. */
export function deniedAdvice(socket: string, group: string | null): string {
  return group && group !== 'root'
    ? `You are not in the group «${group}», which may use it:\n  sudo usermod -aG ${group} "$USER"      # and log in again\n${AGAIN}`
    : `Only root may use it: look at «ls -l ${socket}», or run a rootless engine (https://docs.docker.com/engine/security/rootless/).`
}
