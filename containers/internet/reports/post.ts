/** A TLS report over HTTPS (RFC 8460, 5.4), to a machine of the lab. */
import { request } from 'node:https'
import { isIPv4 } from 'node:net'
import type { LabNet } from '../env.ts'
import type { Provider } from '../providers/provider.ts'
import { resolve } from '../resolver.ts'
import { posted } from './message.ts'
import type { Report } from './report.ts'

const BUDGET_MS = 5000

/** Never rejects: code 0 where there was no answer. */
export async function post(
  provider: Provider,
  net: LabNet,
  uri: string,
  report: Report,
): Promise<{ accepted: boolean; code: number; reply: string }> {
  const nobody = (reply: string) => ({ accepted: false, code: 0, reply })
  if (!URL.canParse(uri)) return nobody(`${uri} is no address`)
  const url = new URL(uri)
  const found = await Promise.all([resolve(url.hostname, 'A'), resolve(url.hostname, 'AAAA')])
  // A learner's zone may point anywhere, this container's loopback included.
  const address = found.flatMap(({ answers }) => answers).find(net.contains)
  if (address === undefined) return nobody(`${url.hostname} has no address`)
  const { type, body } = posted(report)
  const own = net.at(provider.name)
  return new Promise(done => {
    const call = request(
      {
        host: address,
        localAddress: isIPv4(address) ? own.ipv4 : own.ipv6,
        servername: url.hostname,
        port: url.port || 443,
        path: `${url.pathname}${url.search}`,
        method: 'POST',
        headers: { host: url.host, 'content-type': type, 'content-length': body.length },
        // The report may be about the very certificate (RFC 8460, 3).
        rejectUnauthorized: false,
        agent: false,
      },
      response => {
        response.resume()
        const code = response.statusCode ?? 0
        done({ accepted: code >= 200 && code < 300, code, reply: `${code} ${response.statusMessage ?? ''}` })
      },
    )
    const timer = setTimeout(() => call.destroy(new Error('no answer in time')), BUDGET_MS)
    call.on('close', () => clearTimeout(timer))
    call.on('error', error => done(nobody(error.message)))
    call.end(body)
  })
}
