/** The DKIM key of each provider, with which it signs its reports; and the records that go with its keys. */
import { createPublicKey, generateKeyPair } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { LabNet } from '../env.ts'
import type { Provider } from '../providers/provider.ts'
import { promiseRecords } from '../tls/promises.ts'

const DIRECTORY = '/var/lib/internet/dkim'
export const SELECTOR = 'reports'

/** PEM; made on the first start. */
export async function signingKey({ name }: Provider): Promise<string> {
  const file = join(DIRECTORY, `${name}.pem`)
  const there = await readFile(file, 'utf8').catch(() => null)
  if (there !== null) return there
  // RSA: OpenDKIM, which a learner may run, knows no other.
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  await mkdir(DIRECTORY, { recursive: true, mode: 0o700 })
  await writeFile(`${file}.new`, privateKey, { mode: 0o600 })
  await rename(`${file}.new`, file)
  return privateKey
}

/** `owner TYPE data`: its DKIM key, and what it promises of its TLS. */
export async function keyRecords(provider: Provider, net: LabNet): Promise<string[]> {
  const key = createPublicKey(await signingKey(provider))
    .export({ type: 'spki', format: 'der' })
    .toString('base64')
  // The service types of mail and of TLS reports (RFC 8460, 3); a string holds 255 characters.
  const strings = `v=DKIM1; k=rsa; s=email:tlsrpt; p=${key}`.match(/.{1,250}/g) ?? []
  const { host } = provider
  const promises = provider.promises
    ? await promiseRecords(provider, [`${host}.crt`, `next.${host}.key`], net.at(provider.name))
    : []
  return [`${SELECTOR}._domainkey TXT ${strings.map(text => `"${text}"`).join(' ')}`, ...promises]
}
