/** The policy file of MTA-STS, over HTTPS as RFC 8461, 3.3 has it: no redirects, a certificate that holds, plain text. */
import { request } from 'node:https'
import { isIPv4 } from 'node:net'
import { authorities } from '../authority.ts'
import type { LabNet } from '../env.ts'
import type { Place } from '../places.ts'
import { resolve } from '../resolver.ts'
import { StsFault } from './sts-words.ts'

const BUDGET_MS = 5000
const LARGEST = 64_000
export const WELL_KNOWN = '/.well-known/mta-sts.txt'

export interface File {
  text: string
  type: string
}

/** Asks from `place`. Throws an `StsFault` that says what is wrong. */
export async function fetchPolicy(domain: string, net: LabNet, place: Place): Promise<File> {
  const host = `mta-sts.${domain}`
  const found = (await Promise.all([resolve(host, 'A'), resolve(host, 'AAAA')])).flatMap(
    ({ answers }) => answers,
  )
  // A learner's zone may point anywhere, this container's loopback included.
  const inside = found.filter(net.contains)
  if (inside.length === 0) throw new StsFault('no-host', host)
  const ca = await authorities()
  let last: unknown
  for (const address of inside) {
    const local = isIPv4(address) ? net.at(place).ipv4 : net.at(place).ipv6
    try {
      return await getPolicy(host, address, local, ca)
    } catch (error) {
      last = error
      // Whoever answered has spoken for the host.
      if (!(error instanceof StsFault) || error.kind !== 'no-connection') break
    }
  }
  throw last
}

/** From one address of the host; as `fetchPolicy`. */
export function getPolicy(
  host: string,
  address: string,
  localAddress: string,
  ca: readonly string[],
): Promise<File> {
  return new Promise((done, fail) => {
    const options = {
      host: address,
      servername: host,
      path: WELL_KNOWN,
      headers: { host, 'user-agent': 'mta-sts' },
      port: 443,
      localAddress,
      ca: [...ca],
      agent: false as const,
    }
    const call = request(options, response => {
      const chunks: Buffer[] = []
      let size = 0
      if (response.statusCode !== 200) {
        response.resume()
        fail(new StsFault('status', host, `${response.statusCode}`))
        return
      }
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > LARGEST) call.destroy(new StsFault('too-large', host))
        else chunks.push(chunk)
      })
      response.on('error', fail)
      response.on('end', () =>
        done({ text: Buffer.concat(chunks).toString('utf8'), type: response.headers['content-type'] ?? '' }),
      )
    })
    const timer = setTimeout(
      () => call.destroy(new Error(`no answer within ${BUDGET_MS / 1000} s`)),
      BUDGET_MS,
    )
    call.on('close', () => clearTimeout(timer))
    call.on('error', (error: NodeJS.ErrnoException) => {
      if (error instanceof StsFault) return fail(error)
      const code = error.code ?? error.message
      const about = /CERT|ALTNAME|SIGNATURE|ISSUER/.test(code) ? 'certificate' : 'no-connection'
      fail(new StsFault(about, host, code))
    })
    call.end()
  })
}
