/**
 * Where on the server a message came to lie. This can't be seen from outside before IMAP runs, so it is read
 * inside, and only ever for a canary that came in from another host a moment ago: who wants to fake it has to
 * deliver it first.
 */
import type { Probes } from '../../../checker/probes/types.ts'
import { quote } from './say.ts'

/** A file that holds a canary. */
export interface Copy {
  /** The canary with its suffix, as it was sent. */
  canary: string
  path: string
  place: 'maildir' | 'queue' | 'other'
  owner: string
  /** Octal permissions of the mailbox folder, or of the file where it is not in a Maildir: `700`. */
  mode: string
  /** The Maildir, or the file itself. */
  box: string
}

// The queue files have the message in them too. Dovecot's own files keep headers, and logs may; neither is mail.
const FIND = (canary: string) =>
  `find / \\( -path /proc -o -path /sys -o -path /dev -o -path /usr -o -path /var/log -o -path /tmp \\) -prune -o ` +
  `-type f -mmin -3 ! -name 'dovecot*' -exec grep -laF ${quote(canary)} {} + 2>/dev/null`

const LOOK = (canary: string) => `files=$(${FIND(canary)})
[ -n "$files" ] || exit 0
printf '%s\\n' "$files" | xargs -d '\\n' stat -c 'F %U %a %n'
printf '%s\\n' "$files" | sed -nE 's#/(new|cur)/[^/]*$##p' | sort -u | while IFS= read -r box; do
  [ -d "$box/tmp" ] && [ -d "$box/new" ] && [ -d "$box/cur" ] && stat -c 'D %U %a %n' "$box"
done
printf '%s\\n' "$files" | xargs -d '\\n' grep -aoHZE ${quote(`${canary}[-a-z0-9]*`)} | tr '\\0' ' ' | sort -u | sed 's/^/C /'
`

/** All copies of a canary, suffixed or not, that there are at this moment. */
export async function copiesOf(probes: Probes, canary: string): Promise<Copy[]> {
  const { stdout } = await probes.shell.run(LOOK(canary))
  const stats = new Map<string, { owner: string; mode: string }>()
  const boxes = new Set<string>()
  const copies: Copy[] = []
  for (const line of stdout.split('\n')) {
    const stat = /^([FD]) (\S+) (\d+) (.+)$/.exec(line)
    if (stat) {
      const [, kind, owner = '', mode = '', path = ''] = stat
      stats.set(path, { owner, mode })
      if (kind === 'D') boxes.add(path)
      continue
    }
    const hit = /^C (.+) (canary-[-a-z0-9]+)$/.exec(line)
    if (!hit) continue
    const [, path = '', found = ''] = hit
    const maildir = path.replace(/\/(new|cur)\/[^/]*$/, '')
    const queued = path.startsWith('/var/spool/postfix/')
    const place = queued ? 'queue' : boxes.has(maildir) ? 'maildir' : 'other'
    const box = place === 'maildir' ? maildir : path
    const seen = stats.get(box)
    if (seen) copies.push({ canary: found, path, place, box, ...seen })
  }
  return copies
}

/** Whether a copy lies with this account: as its owner, or in a folder of its name (virtual mailboxes). */
export const belongsTo = (copy: Copy, login: string): boolean =>
  copy.owner === login || copy.box.split('/').some(part => part === login || part.startsWith(`${login}@`))

/** Postfix's name for a message that it took, from its reply «250 2.0.0 Ok: queued as 4F2A01AA642». */
export const queueId = (reply: string): string | null => /queued as ([0-9A-Za-z]+)/.exec(reply)?.[1] ?? null

/** What the log says of a message, its last lines: the place where a learner looks next. */
export async function logOf(probes: Probes, id: string | null): Promise<string> {
  if (!id) return ''
  const { stdout } = await probes.shell.run(`grep -hF ${quote(`${id}:`)} /var/log/mail.log | tail -n 8`)
  return stdout.trim()
}

/** Takes the canaries out of mailboxes and queue again. Of a mailbox in one file nothing is taken. */
export async function forget(probes: Probes, canary: string, ids: readonly (string | null)[] = []) {
  const queued = ids.filter(id => id !== null).map(quote)
  const drop = queued.map(id => `postsuper -d ${id} >/dev/null 2>&1`).join('; ') || ':'
  const clean = `${drop}; ${FIND(canary)} | grep -E '/(new|cur)/[^/]*$' | xargs -d '\\n' -r rm -f --`
  // A canary that stays is untidy and no more; the verdict stands.
  await probes.shell.run(clean).catch(() => {})
}
