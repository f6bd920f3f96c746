/** What a domain of the lab internet promises of its TLS: records for its zone, and the policy of MTA-STS over HTTPS. */
import { createHash, createPublicKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { tlsaOf } from './dane.ts'
import { WELL_KNOWN } from './sts-fetch.ts'

/** boot makes all that is here. */
const DIRECTORY = '/var/lib/internet/tls'

export interface Addresses {
  ipv4: string
  ipv6: string
}

/** Key and certificate of a host of this container. */
export async function certificateOf(host: string): Promise<{ key: Buffer; cert: Buffer }> {
  const [key, cert] = await Promise.all(
    ['key', 'crt'].map(ending => readFile(join(DIRECTORY, `${host}.${ending}`))),
  )
  return { key: key as Buffer, cert: cert as Buffer }
}

const policyFor = (host: string) =>
  ['version: STSv1', 'mode: enforce', `mx: ${host}`, 'max_age: 604800', ''].join('\r\n')

/**
 * Records of the zone. `keys`: names of files, each a certificate's (`mx.copine.test.crt`) or a key's; two of them, so
 * that a key can be changed without a gap (RFC 7671, 8.1).
 */
export async function promiseRecords(
  { host, domain }: { host: string; domain: string },
  keys: readonly string[],
  { ipv4, ipv6 }: Addresses,
): Promise<string[]> {
  const tlsa = await Promise.all(
    keys.map(async name => {
      const pem = await readFile(join(DIRECTORY, name))
      return tlsaOf(name.endsWith('.crt') ? new X509Certificate(pem).publicKey : createPublicKey(pem))
    }),
  )
  const id = createHash('sha256').update(policyFor(host)).digest('hex').slice(0, 14)
  return [
    ...tlsa.map(data => `_25._tcp.${host}. TLSA ${data}`),
    `_mta-sts TXT "v=STSv1; id=${id};"`,
    `mta-sts A ${ipv4}`,
    `mta-sts AAAA ${ipv6}`,
    `_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls-reports@${domain}"`,
  ]
}

/** Serves the policy at both addresses; resolves when it does. */
export async function servePolicy(
  { host, domain }: { host: string; domain: string },
  { ipv4, ipv6 }: Addresses,
): Promise<void> {
  const certificate = await certificateOf(`mta-sts.${domain}`)
  const text = policyFor(host)
  for (const address of [ipv4, ipv6]) {
    const server = createServer(
      { ...certificate, minVersion: 'TLSv1.2', requestTimeout: 10_000, headersTimeout: 10_000 },
      (request, response) => {
        request.resume()
        const here = request.url === WELL_KNOWN && (request.method === 'GET' || request.method === 'HEAD')
        response.writeHead(here ? 200 : 404, { 'content-type': 'text/plain', connection: 'close' })
        response.end(here ? text : 'Not found\n')
      },
    )
    server.maxConnections = 100
    server.on('tlsClientError', (_, socket) => socket.destroy())
    await new Promise<void>((done, fail) => server.once('error', fail).listen(443, address, done))
  }
}
