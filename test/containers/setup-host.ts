/** A machine that is only told of: set-up asks it, and what it would have run is written down. */
import type { CommandResult, Host } from '../../containers/setup/host.ts'

export interface Told {
  platform?: NodeJS.Platform
  env?: NodeJS.ProcessEnv
  isRoot?: boolean
  commands?: string[]
  files?: Record<string, string>
  unusable?: string[]
  /** Answer to a command, by its first words; else it ends well. */
  answers?: Record<string, Partial<CommandResult>>
  daemonEnds?: boolean
}

export function toldHost(told: Told): Host & { ran: string[] } {
  const files = told.files ?? {}
  const ran: string[] = []
  return {
    ran,
    platform: told.platform ?? 'linux',
    env: told.env ?? {},
    isRoot: told.isRoot ?? true,
    has: command => (told.commands ?? []).includes(command),
    exists: path => path in files,
    usable: path => !(told.unusable ?? []).includes(path),
    list: path =>
      Object.keys(files)
        .filter(file => file.startsWith(`${path}/`))
        .map(file => file.slice(path.length + 1)),
    read: path => files[path] ?? '',
    async run(argv) {
      const line = argv.filter(word => !/^(-o|\w+::.*)$/.test(word)).join(' ')
      ran.push(line)
      const answer = Object.entries(told.answers ?? {}).find(([words]) => line.startsWith(words))?.[1]
      return { code: 0, tail: [], ...answer }
    },
    daemon(argv) {
      ran.push(argv.join(' '))
      return { ended: () => told.daemonEnds ?? false }
    },
  }
}

export const osRelease = (id: string, like = ''): Record<string, string> => ({
  '/etc/os-release': `NAME="Whatever"\nID=${id}\nID_LIKE="${like}"\n`,
})
export const aptLists = {
  '/var/lib/apt/lists/deb.debian.org_debian_dists_trixie_main_binary-amd64_Packages': '',
}
