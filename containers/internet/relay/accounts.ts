/** Who may send through the gateway: one account a domain, made with the domain and gone with it. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'

export interface Accounts {
  put(domain: string, password: string): Promise<void>
  remove(domain: string): Promise<void>
  /** The domain of `you@relais.test`, or null for a wrong user or password. */
  check(user: string, password: string): string | null
}

/** Fast, because nobody guesses 100 random bits. */
const digest = (password: string) => createHash('sha256').update(password).digest()

export async function openAccounts(file: string): Promise<Accounts> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}'
    throw error
  })
  const accounts = new Map(Object.entries(JSON.parse(text) as Record<string, string>))
  let last: Promise<unknown> = Promise.resolve()
  function save(): Promise<void> {
    const result = last.then(async () => {
      await writeFile(`${file}.new`, JSON.stringify(Object.fromEntries(accounts)), { mode: 0o600 })
      await rename(`${file}.new`, file)
    })
    last = result.catch(() => undefined)
    return result
  }
  return {
    async put(domain, password) {
      const wanted = digest(password).toString('hex')
      if (accounts.get(domain) === wanted) return
      accounts.set(domain, wanted)
      await save()
    },
    async remove(domain) {
      if (accounts.delete(domain)) await save()
    },
    check(user, password) {
      const [, name = ''] = /^([a-z0-9-]+)@relais\.test$/i.exec(user) ?? []
      const domain = `${name.toLowerCase()}.test`
      const known = accounts.get(domain)
      if (known === undefined) return null
      return timingSafeEqual(Buffer.from(known, 'hex'), digest(password)) ? domain : null
    },
  }
}
