/** Whether containers get IPv6 addresses: half of the course's mail goes over it. Tried, because no setting tells. */
import { randomBytes } from 'node:crypto'
import type { Engine } from '../../../containers/docker.ts'
import { LABEL } from '../../../containers/labels.ts'
import { BASE } from '../../../containers/setup/base.ts'
import type { Finding } from './finding.ts'

const what = 'IPv6 in containers'

export async function aboutIpv6(engine: Engine | null): Promise<Finding[]> {
  if (!engine) return []
  if (!(await engine.hasImage(BASE))) return [{ state: 'note', what, seen: `not tried: ${BASE} is missing` }]
  const name = `ten-doctor-${randomBytes(4).toString('hex')}`
  const subnet = `2001:db8:f${randomBytes(2).toString('hex').slice(1)}::/64`
  const labels = { [LABEL.kind]: 'helper' }
  try {
    await engine.createNetwork({
      Name: name,
      Internal: true,
      EnableIPv6: true,
      IPAM: { Driver: 'default', Config: [{ Subnet: subnet }] },
      Labels: labels,
    })
    await engine.create({
      name,
      Image: BASE,
      Cmd: ['cat', '/proc/net/if_inet6'],
      Labels: labels,
      HostConfig: { NetworkMode: name, Sysctls: { 'net.ipv6.conf.all.disable_ipv6': '0' } },
    })
    await engine.start(name)
    const { output } = await engine.finish(name)
    return [
      /20010db8/.test(output)
        ? { state: 'ok', what, seen: 'a container got an address' }
        : {
            state: 'missing',
            what,
            seen: 'a container got no address',
            mend: 'Switch IPv6 on in the kernel: sysctl net.ipv6.conf.all.disable_ipv6=0',
          },
    ]
  } catch (error) {
    return [
      {
        state: 'missing',
        what,
        seen: (error as Error).message,
        mend: 'The kernel must have IPv6 (no ipv6.disable=1 at boot), and an engine before version 27 may need "ip6tables" and "experimental" in /etc/docker/daemon.json.',
      },
    ]
  } finally {
    await engine.remove(name)
    await engine.removeNetwork(name)
  }
}
