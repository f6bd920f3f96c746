/** Who has which domain: on disk, one file each. The names themselves are the name server's. */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const DIRECTORY = '/var/lib/internet/domains'

export interface Registration {
  addresses: string[]
  /** TSIG secret, Base64. */
  key: string
  /** Whether the registry publishes the domain's DS records. */
  signed: boolean
  /** Whether providers treat the owner as the real ones would. */
  strict: boolean
  /** Milliseconds since the epoch. */
  since: number
}

const file = (domain: string) => join(DIRECTORY, `${domain}.json`)

/** All registrations, the oldest first. */
export async function load(): Promise<Map<string, Registration>> {
  await mkdir(DIRECTORY, { recursive: true })
  const names = (await readdir(DIRECTORY)).filter(name => name.endsWith('.json'))
  const found = await Promise.all(
    names.map(async name => {
      const path = join(DIRECTORY, name)
      // One that was written down before there was a beginning has always been there.
      const written = JSON.parse(await readFile(path, 'utf8')) as Omit<Registration, 'since'>
      const registration: Registration = { since: 0, ...written }
      return { domain: name.slice(0, -'.json'.length), registration, at: (await stat(path)).mtimeMs }
    }),
  )
  return new Map(found.sort((a, b) => a.at - b.at).map(({ domain, registration }) => [domain, registration]))
}

export async function keep(domain: string, registration: Registration): Promise<void> {
  await writeFile(`${file(domain)}.new`, JSON.stringify(registration), { mode: 0o600 })
  await rename(`${file(domain)}.new`, file(domain))
}

export const drop = (domain: string): Promise<void> => rm(file(domain), { force: true })
