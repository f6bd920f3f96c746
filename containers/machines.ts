/** What each kind of machine may do and use: limits and capabilities, in the engine's terms. */
import { internetAddress } from './addresses.ts'
import type { ContainerSpec, Labels } from './docker.ts'
import type { EventPlace } from './event.ts'
import { LABEL } from './labels.ts'
import type { SocketMount } from './machine-sockets.ts'
import type { Lab, Machine } from './types.ts'

const MiB = 1024 * 1024

interface Limits {
  memory: number
  pids: number
  /** In billionths of a core. */
  cpu: number
  /** What a machine may write to its disk, where the engine can limit that. */
  disk: string
}

const limits: Record<Machine | 'internet', Limits> = {
  // Postfix and Dovecot take 70 to 122 MiB, a database 150 more; room for an editor and a mistake.
  server: { memory: 1024 * MiB, pids: 512, cpu: 1e9, disk: '6G' },
  desk: { memory: 384 * MiB, pids: 256, cpu: 1e9, disk: '3G' },
  internet: { memory: 512 * MiB, pids: 512, cpu: 1e9, disk: '6G' },
}

/**
 * `resolver`: where the engine's own resolver (127.0.0.11) passes questions on to. Left to itself it asks the host's,
 * and a machine without a route out would still look up names outside.
 */
export function hostConfig(
  machine: Machine | 'internet',
  network: string,
  resolver: string,
): NonNullable<ContainerSpec['HostConfig']> {
  const { memory, pids, cpu, disk } = limits[machine]
  return {
    NetworkMode: network,
    Dns: [resolver],
    Memory: memory,
    MemorySwap: memory,
    NanoCpus: cpu,
    PidsLimit: pids,
    StorageOpt: { size: disk },
    LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '2' } },
    // Machines come up when our server has sealed the network again, never by the engine alone.
    RestartPolicy: { Name: 'no' },
    // No higher than what old engines have themselves: they can't give more.
    Ulimits: [{ Name: 'nofile', Soft: 4096, Hard: 16384 }],
    // Process ids of a former life in /run make init scripts believe that a service runs.
    ...(machine === 'internet' ? {} : { Tmpfs: { '/run': 'rw,nosuid,nodev,mode=755,size=64m' } }),
    // IPv6 is off in containers unless asked for; some daemons don't even install without it.
    Sysctls: { 'net.ipv6.conf.all.disable_ipv6': '0' },
    // Without SYS_PTRACE start-stop-daemon can't read /proc/PID/exe, and a restart leaves old processes running.
    // Raw sockets only on the desk, where tcpdump is.
    // The internet container gives itself its further addresses at boot, and drops NET_ADMIN before it serves anyone.
    CapAdd: machine === 'server' ? ['SYS_PTRACE'] : machine === 'internet' ? ['NET_ADMIN'] : [],
    CapDrop:
      machine === 'desk'
        ? ['MKNOD']
        : machine === 'server'
          ? ['NET_RAW', 'MKNOD']
          : ['NET_RAW', 'MKNOD', 'SETFCAP'],
    Init: machine !== 'server',
  }
}

/** A participant's machine, ready to be created. */
export function machineSpec(of: {
  name: string
  machine: Machine
  image: string
  lab: Lab
  labels: Labels
  place: EventPlace
  /** Our socket, for its terminals. */
  mount: SocketMount | null
}): ContainerSpec {
  const { name, machine, image, lab, labels, place, mount } = of
  const resolver = internetAddress(place.index).ipv4
  const { ipv4, ipv6 } = lab.address[machine]
  return {
    name,
    Image: image,
    Hostname: machine === 'server' ? 'mail' : 'desk',
    Domainname: lab.domain,
    Env: [`LAB_RESOLVER=${resolver}`, `LAB_DOMAIN=${lab.domain}`, `LAB_PARTICIPANT=${lab.participant}`],
    Labels: { ...labels, [LABEL.machine]: machine },
    HostConfig: { ...hostConfig(machine, place.network, resolver), ...(mount ? { Mounts: [mount] } : {}) },
    NetworkingConfig: {
      EndpointsConfig: { [place.network]: { IPAMConfig: { IPv4Address: ipv4, IPv6Address: ipv6 } } },
    },
  }
}
