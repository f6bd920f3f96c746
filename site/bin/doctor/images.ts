/** Images, and whether what they are made from is within reach where some are missing. */
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Engine } from '../../../containers/docker.ts'
import { imageStates } from '../../../containers/images.ts'
import { BASE } from '../../../containers/setup/base.ts'
import type { Host } from '../../../containers/setup/host.ts'
import { canInstall } from '../../../containers/setup/linux.ts'
import type { Finding } from './finding.ts'

const REGISTRY = 'https://registry-1.docker.io/v2/'
const MIRROR = 'http://deb.debian.org/debian/dists/trixie/InRelease'

export async function aboutImages(engine: Engine | null, host: Host): Promise<Finding[]> {
  const base = engine ? await engine.imageId(BASE) : null
  const states = engine ? await imageStates(engine) : []
  const complete = states.length > 0 && states.every(({ present }) => present)
  const findings: Finding[] = engine
    ? [
        base
          ? { state: 'ok', what: BASE, seen: base.slice(0, 19) }
          : { state: 'note', what: BASE, seen: 'not there yet', mend: 'npm start pulls it or makes it.' },
      ]
    : []
  for (const { name, tag, present } of states)
    findings.push(
      present
        ? { state: 'ok', what: `image ${name}`, seen: `${tag}` }
        : {
            state: 'note',
            what: `image ${name}`,
            seen: `${tag ?? 'not there'}, not built yet`,
            mend: 'npm start builds it.',
          },
    )
  const [registry, mirror] = await Promise.all([reach(REGISTRY), reach(MIRROR)])
  // A base is needed from one of the two; packages for the images come from the mirror alone.
  const canMake = mirror === null && (host.has('mmdebstrap') || canInstall(host))
  findings.push(
    source('registry (Docker Hub)', registry, !complete && !base && !canMake),
    source("Debian's mirror", mirror, !complete),
  )
  return findings
}

function source(what: string, fault: string | null, needed: boolean): Finding {
  if (fault === null) return { state: 'ok', what, seen: 'answers' }
  return needed
    ? {
        state: 'missing',
        what,
        seen: fault,
        mend: 'Mend the network; behind a proxy, set http_proxy and https_proxy.',
      }
    : { state: 'note', what, seen: `${fault}; not needed now` }
}

/** Null if a server answers, whatever it says (a registry wants a login first), else why not. Goes by the proxy, if one is set. */
function reach(url: string): Promise<string | null> {
  return new Promise(resolve => {
    const options = { method: 'HEAD', timeout: 5000 }
    const proxyEnv = process.env
    const request = url.startsWith('https')
      ? httpsRequest(url, { ...options, agent: new HttpsAgent({ proxyEnv }) })
      : httpRequest(url, { ...options, agent: new HttpAgent({ proxyEnv }) })
    request.on('response', response => {
      response.resume()
      resolve((response.statusCode ?? 500) < 500 ? null : `answers ${response.statusCode}`)
    })
    request.on('timeout', () => request.destroy(new Error('no answer within 5 s')))
    request.on('error', error => resolve(error.message))
    request.end()
  })
}
