/** The DKIM key of each provider, with which it signs its reports; and the records that go with its keys. */
import { createPublicKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LabNet } from '../env.ts'
import type { Provider } from '../providers/provider.ts'
import { promiseRecords } from '../tls/promises.ts'

const DIRECTORY = '/var/lib/internet/dkim'
export const SELECTOR = 'reports'

/** PEM; boot makes it. */
export const signingKey = ({ name }: Provider): Promise<string> =>
  readFile(join(DIRECTORY, `${name}.pem`), 'utf8')

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
