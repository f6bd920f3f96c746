/** Which Linux this is, and what runs its services. */
import type { Host } from './host.ts'

/** `ID` and `ID_LIKE` of /etc/os-release in one list, the closest first: `['ubuntu', 'debian']`. */
export function distribution(host: Host): string[] {
  const text = host.read('/etc/os-release') || host.read('/usr/lib/os-release')
  const value = (key: string) => new RegExp(`^${key}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? ''
  return `${value('ID')} ${value('ID_LIKE')}`.split(/\s+/).filter(Boolean)
}

/** Debian, Ubuntu or one of their children: apt-get and the package names that we know. */
export const isDebianLike = (host: Host): boolean =>
  host.platform === 'linux' && distribution(host).includes('debian') && host.has('apt-get')

export const canInstall = (host: Host): boolean => host.isRoot && isDebianLike(host)

/** What starts services here; null where PID 1 is no init at all, as in most containers and small virtual machines. */
export function init(host: Host): 'systemd' | 'sysvinit' | null {
  if (host.exists('/run/systemd/system')) return 'systemd'
  if (host.exists('/run/initctl') || host.exists('/dev/initctl')) return 'sysvinit'
  return null
}
