import type { Probes } from '../../../checker/probes/types.ts'
import { type Accounts, fold } from '../start/accounts.ts'
import type { Copy } from './copies.ts'
import { quote } from './say.ts'

export interface Inside {
  /** Who of the fifty is no account of the system, though mail may come in for them. */
  absent: string[]
  /** Accounts that are one of the fifty again, under another spelling: `ZOE` beside `zoe`. */
  second: string[]
  /** The file's password is the one of the forbidden account. */
  forbiddenOpens: boolean
}

/**
 * What no other host can see: which accounts there are, and whether a system account got a password. Nobody gains by
 * hiding either, and mail for each of the fifty was received before this is asked.
 */
export async function accountsInside(probes: Probes, { people, forbidden }: Accounts): Promise<Inside> {
  // crypt(3) through perl, which every Debian has, since nothing else there compares a password with yescrypt's hash.
  const same = `h=$(getent shadow ${quote(forbidden.login)} | cut -d: -f2) p=${quote(forbidden.password)} \
perl -e 'my $c = crypt $ENV{p}, $ENV{h}; print "OPENS\\n" if defined $c and $c eq $ENV{h}'`
  const { stdout } = await probes.shell.run(`export h p; getent passwd | cut -d: -f1; ${same}`)
  const names = stdout.split('\n').filter(Boolean)
  const logins = new Set(people.map(person => person.login))
  return {
    absent: [...logins].filter(login => !names.includes(login)),
    second: names.filter(name => !logins.has(name) && logins.has(fold(name))),
    forbiddenOpens: names.includes('OPENS'),
  }
}

export interface Opened {
  /** Whose mailbox it is, who opened it, and what: the message's file, or the folder's list of files. */
  owner: string
  by: string
  path: string
  what: 'message' | 'list'
}

const TRY = (paths: string) => `while IFS= read -r file; do
  if head -c1 -- "$file" >/dev/null 2>&1; then echo "message $file"
  elif ls -- "\${file%/*}" >/dev/null 2>&1; then echo "list $file"; fi
done <<'END'
${paths}
END`

/**
 * Lets two of the people try to read all mailboxes that aren't theirs: one everybody's, another the first one's. The
 * files are those in which messages from outside came to lie a moment ago.
 */
export async function openedByOthers(
  probes: Probes,
  own: readonly { login: string; copy: Copy }[],
): Promise<Opened | null> {
  const start = Number.parseInt(probes.canary().slice(-6), 16) % own.length
  const [one, two] = [own[start], own[(start + 1) % own.length]]
  if (!one || !two) return null
  const tries = [
    { by: one.login, targets: own.filter(({ login }) => login !== one.login) },
    { by: two.login, targets: [one] },
  ]
  const found = await Promise.all(tries.map(({ by, targets }) => opens(probes, by, targets)))
  return found.find(opened => opened !== null) ?? null
}

async function opens(
  probes: Probes,
  by: string,
  targets: readonly { login: string; copy: Copy }[],
): Promise<Opened | null> {
  const { stdout } = await probes.shell.run(TRY(targets.map(({ copy }) => copy.path).join('\n')), {
    user: by,
  })
  const hit = /^(message|list) (.+)$/m.exec(stdout)
  const owner = targets.find(({ copy }) => copy.path === hit?.[2])?.login
  if (!hit || !owner) return null
  return { owner, by, path: hit[2] ?? '', what: hit[1] === 'list' ? 'list' : 'message' }
}
