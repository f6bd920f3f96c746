/**
 * Whom to trust in this lab: its own authority, and every root that the ACME authorities have had. Pebble makes a new one
 * at each start; certificates of before stay valid because their root is kept here, on disk, and stays trusted.
 */
import { randomUUID, X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import { z } from 'zod'
import { parse, type Route } from './control.ts'

const LAB_CA = '/var/lib/internet/ca.crt'
const ROOTS = '/var/lib/internet/roots'
const ASK_MS = 3000

/** The management ports of the two authorities: the patient one and the hasty one (the image's boot script). */
const MANAGEMENT = [15_000, 15_001]

/** The present root, PEM; rejects while the authority is not up. */
function currentRoot(port: number): Promise<string> {
  return new Promise((done, fail) => {
    const options = {
      host: '127.0.0.1',
      port,
      path: '/roots/0',
      timeout: ASK_MS,
      // On our own loopback, with a certificate for its name in the lab.
      rejectUnauthorized: false,
    }
    const call = request(options, response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('error', fail)
      response.on('end', () => {
        if (response.statusCode === 200) done(text)
        else fail(new Error(`the authority answers ${response.statusCode}`))
      })
    })
    call.on('timeout', () => call.destroy(new Error('the authority does not answer')))
    call.on('error', fail).end()
  })
}

/** The lab's own, which vouches for the hosts of this container. */
export const ownAuthority = (): Promise<string> => readFile(LAB_CA, 'utf8')

/** Asks the authorities for their roots and keeps them; gives all that are trusted, PEM, the lab's own first. */
export async function authorities(): Promise<string[]> {
  await mkdir(ROOTS, { recursive: true })
  await Promise.all((await Promise.all(MANAGEMENT.map(currentRoot))).map(keepRoot))
  const names = (await readdir(ROOTS)).filter(name => name.endsWith('.pem')).sort()
  const roots = await Promise.all(names.map(name => readFile(join(ROOTS, name), 'utf8')))
  return [await ownAuthority(), ...roots]
}

async function keepRoot(root: string): Promise<void> {
  const print = new X509Certificate(root).fingerprint256.replaceAll(':', '').toLowerCase()
  const file = join(ROOTS, `${print}.pem`)
  if (existsSync(file)) return
  // Who asks at the same moment writes the same.
  const own = `${file}.${randomUUID()}`
  await writeFile(own, root)
  await rename(own, file)
}

const Pem = z
  .string()
  .max(20_000)
  .refine(text => isCertificate(text), { error: 'expected a certificate, PEM' })
const Pems = z.array(Pem).max(50)

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).ca
  } catch {
    return false
  }
}

/** GET and POST /authorities (api.ts). */
export const authorityRoutes: Route[] = [
  { method: 'GET', path: '/authorities', answer: authorities },
  {
    method: 'POST',
    path: '/authorities',
    limit: 1_000_000,
    async answer({ body }) {
      await mkdir(ROOTS, { recursive: true })
      await Promise.all(parse(Pems, body, 'body').map(keepRoot))
      return authorities()
    },
  },
]
