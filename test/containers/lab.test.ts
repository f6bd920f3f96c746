import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Lab, Machine } from '../../containers/types.ts'
import { type Ground, ground, plain } from '../fixture.ts'

let here: Ground & AsyncDisposable
let event: string
let ada: Lab
let bob: Lab

beforeAll(async () => {
  here = await ground()
  event = here.event()
  await here.labs.ensureEvent(event)
  ;[ada, bob] = await Promise.all([
    here.labs.open({ event, participant: 'ada' }, plain),
    here.labs.open({ event, participant: 'bob' }, plain),
  ])
}, 120_000)

afterAll(async () => {
  await here[Symbol.asyncDispose]()
}, 60_000)

const sh = (lab: Lab, machine: Machine, script: string) =>
  here.labs.exec(lab, machine, ['bash', '-c', script])

describe('a lab', () => {
  test('opens at different addresses for participants who open at the same time', () => {
    expect(ada.address.server.ipv4).not.toBe(bob.address.server.ipv4)
    expect(ada.seed).toMatch(/^[0-9a-f]{32}$/)
    expect(ada.seed).not.toBe(bob.seed)
  })

  test('is named as its domain says, and finds itself through the resolver of the lab', async () => {
    expect((await sh(ada, 'server', 'hostname -f')).stdout.trim()).toBe('mail.ada.test')
    const seen = await sh(
      bob,
      'desk',
      'dig +short MX ada.test; dig +short A mail.ada.test; dig +short AAAA mail.ada.test',
    )
    expect(seen.stdout.trim().split('\n')).toEqual([
      '10 mail.ada.test.',
      ada.address.server.ipv4,
      ada.address.server.ipv6,
    ])
    const back = await sh(
      bob,
      'desk',
      `dig +short -x ${ada.address.server.ipv4}; dig +short -x ${ada.address.server.ipv6}`,
    )
    expect(back.stdout.trim().split('\n')).toEqual(['mail.ada.test.', 'mail.ada.test.'])
  })

  test('has sysvinit as PID 1, logs, and no mail software', async () => {
    const seen = await sh(
      ada,
      'server',
      'cat /proc/1/comm; service rsyslog status; ss -Hltn; ls /usr/sbin/sendmail',
    )
    expect(seen.stdout).toContain('init')
    expect(seen.stdout).toContain('rsyslogd is running')
    expect(seen.stdout).not.toContain(':25 ')
    expect(seen.code).not.toBe(0)
  })

  test('speaks French and English, and keeps its manual pages', async () => {
    const seen = await sh(ada, 'server', 'LC_ALL=fr_FR.UTF-8 ls /nothing; locale -a; man -w man')
    expect(seen.stderr).toContain('Aucun fichier')
    expect(seen.stdout).toMatch(/en_US\.utf8/)
    expect(seen.stdout).toContain('/usr/share/man')
  })

  test('comes back with its services after a reboot', async () => {
    await sh(bob, 'server', 'echo kept >/root/note; nohup reboot >/dev/null 2>&1 &')
    await expect
      .poll(async () => (await sh(bob, 'server', 'runlevel; pgrep -x rsyslogd; cat /root/note')).stdout, {
        timeout: 20_000,
      })
      .toMatch(/^6 2\n\d+\nkept\n$/)
  })

  test('puts the files of its step where they belong, and loses everything at a reset', async () => {
    const start = {
      step: 'some-step',
      files: (lab: Lab) => [
        {
          machine: 'server' as const,
          path: '/root/accounts.csv',
          mode: 0o600,
          content: `for ${lab.domain}\n`,
        },
      ],
    }
    const who = { event, participant: 'zoe' }
    const first = await here.labs.open(who, start)
    const seen = await sh(
      first,
      'server',
      'stat -c "%a %U" /root/accounts.csv; cat /root/accounts.csv; touch /root/mine',
    )
    expect(seen.stdout).toBe('600 root\nfor zoe.test\n')
    const again = await here.labs.reset(who, start)
    expect(again.seed).not.toBe(first.seed)
    expect((await sh(again, 'server', 'ls /root')).stdout).toBe('accounts.csv\n')
    expect((await here.labs.find(who))?.step).toBe('some-step')
    await here.labs.close(who)
    expect(await here.labs.find(who)).toBeNull()
  })

  test('is brought up with its disk when its machines were stopped, and goes when nobody keeps it', async () => {
    const who = { event, participant: 'max' }
    const lab = await here.labs.open(who, plain)
    await sh(lab, 'server', 'echo kept >/root/note')
    for (const found of await here.engine.containers(`ten-steps.participant=max`))
      if (found.labels['ten-steps.instance'] === here.instance) await here.engine.kill(found.name)
    expect((await here.labs.find(who))?.running).toBe(false)
    await here.labs.reconcile(event, ['ada', 'bob', 'max'])
    expect((await here.labs.find(who))?.running).toBe(true)
    expect((await sh(lab, 'server', 'cat /root/note')).stdout).toBe('kept\n')
    await here.labs.reconcile(event, ['ada', 'bob'])
    expect(await here.labs.find(who)).toBeNull()
    expect((await here.labs.find({ event, participant: 'ada' }))?.running).toBe(true)
  })

  test('installs from the mirror with no way out', async () => {
    const seen = await here.labs.exec(
      ada,
      'server',
      ['bash', '-c', 'apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y swaks'],
      { timeoutMs: 60_000 },
    )
    expect(seen.stdout).toContain('Setting up swaks')
    expect(seen.code).toBe(0)
  }, 70_000)

  test('refuses names that could mean something else to an engine', async () => {
    await expect(here.labs.open({ event, participant: '../x' }, plain)).rejects.toThrow(/a-z, 0-9/)
    await expect(here.labs.ensureEvent('A b')).rejects.toThrow(/a-z, 0-9/)
  })

  test('has its limits', async () => {
    const pids = await sh(bob, 'desk', 'for i in $(seq 600); do sleep 20 & done; echo done')
    expect(pids.stderr).toContain('Resource temporarily unavailable')
    const memory = await sh(ada, 'desk', 'python3 -c "x = bytearray(700 * 1024 * 1024)"; echo $?')
    expect(memory.stdout.trim()).toMatch(/137|1$/)
  }, 60_000)
})

describe('the seal', () => {
  /** Addresses that answer on port 7777: a machine of another event, and a container on an ordinary network with a way out. */
  const outside: string[] = []
  const ordinary = () => `ten-${here.instance}-ordinary`

  beforeAll(async () => {
    const listen = 'exec socat TCP6-LISTEN:7777,fork,reuseaddr,ipv6only=0 SYSTEM:"echo leak"'
    const other = here.event()
    const lab = await here.labs.open({ event: other, participant: 'ada' }, plain)
    await here.labs.exec(lab, 'server', ['bash', '-c', `(${listen}) >/dev/null 2>&1 &`])

    await here.engine.createNetwork({
      Name: ordinary(),
      EnableIPv6: true,
      IPAM: { Driver: 'default', Config: [{ Subnet: '198.19.252.0/24' }, { Subnet: '2001:db8:fffe::/64' }] },
      Labels: { 'ten-steps': 'test' },
    })
    await here.engine.create({
      name: ordinary(),
      Image: here.images.desk,
      Entrypoint: ['bash', '-c', listen],
      Labels: { 'ten-steps': 'test' },
      HostConfig: { NetworkMode: ordinary(), Sysctls: { 'net.ipv6.conf.all.disable_ipv6': '0' } },
      NetworkingConfig: {
        EndpointsConfig: {
          [ordinary()]: { IPAMConfig: { IPv4Address: '198.19.252.9', IPv6Address: '2001:db8:fffe::9' } },
        },
      },
    })
    await here.engine.start(ordinary())
    outside.push(lab.address.server.ipv4, lab.address.server.ipv6, '198.19.252.9', '2001:db8:fffe::9')
    // What can't be reached must be known to answer: each of them does, from beside itself.
    const answers = async () => {
      const own = await here.engine.exec(ordinary(), [
        'bash',
        '-c',
        'for h in 198.19.252.9 2001:db8:fffe::9; do cat </dev/tcp/$h/7777; done',
      ])
      const far = await here.labs.exec(lab, 'desk', [
        'bash',
        '-c',
        `for h in ${lab.address.server.ipv4} ${lab.address.server.ipv6}; do cat </dev/tcp/$h/7777; done`,
      ])
      return own.stdout + far.stdout
    }
    await vi.waitFor(async () => expect(await answers()).toBe('leak\n'.repeat(4)), {
      timeout: 15_000,
      interval: 200,
    })
  }, 60_000)

  afterAll(async () => {
    await here.engine.remove(ordinary())
    await here.engine.removeNetwork(ordinary())
  })

  const machines: [string, () => Promise<(script: string) => Promise<string>>][] = [
    ['server', async () => async script => (await sh(ada, 'server', script)).stdout],
    ['desk', async () => async script => (await sh(ada, 'desk', `sudo bash -c '${script}'`)).stdout],
    [
      'internet',
      async () => async script =>
        (await here.engine.exec(`ten-${here.instance}-${event}-internet`, ['bash', '-c', script])).stdout,
    ],
  ]

  test.each(machines)('%s reaches no service of the host, in IPv4 or IPv6', async (_, shell) => {
    const run = await shell()
    const seen: string[] = []
    const server = createServer(socket => {
      seen.push(socket.remoteAddress ?? '')
      socket.end('leak\n')
    })
    // `::` with IPv4 as well: all addresses that the host has.
    await new Promise<void>(resolve => server.listen(0, '::', resolve))
    const { port } = server.address() as { port: number }
    try {
      const gateway4 = ada.address.server.ipv4.replace(/\.\d+$/, '.1')
      const gateway6 = ada.address.server.ipv6.replace(/::.*$/, '::1')
      const own = Object.values(networkInterfaces())
        .flat()
        .filter(i => i && !i.internal)
        .map(i => i?.address.split('%')[0] ?? '')
      const targets = [...new Set([gateway4, gateway6, 'fe80::1%eth0', ...own])]
      const tries = targets.map(
        host =>
          `(timeout 2 bash -c "exec 3<>/dev/tcp/${host}/${port} && cat <&3" 2>/dev/null; echo ${host} $?)&`,
      )
      const output = await run(`${tries.join('\n')}\nwait`)
      expect(output).not.toContain('leak')
      expect(output.trim().split('\n')).toHaveLength(targets.length)
      expect(seen).toEqual([])
    } finally {
      server.close()
    }
  })

  test.each(machines)(
    '%s gets nowhere beyond its event, and no name outside the lab resolves',
    async (_, shell) => {
      const run = await shell()
      const reached = await run(
        `${outside
          .map(host => `(timeout 2 bash -c "exec 3<>/dev/tcp/${host}/7777 && cat <&3" 2>/dev/null)&`)
          .join('\n')}\nwait\necho end`,
      )
      expect(reached).toBe('end\n')
      const names = await run('for n in example.org www.kernel.org; do getent ahosts $n; done; echo end')
      expect(names).toBe('end\n')
      // The engine's own resolver is there whatever resolv.conf says.
      const engine = await run(
        'dig +short +time=2 +tries=1 @127.0.0.11 deb.debian.org. example.org. | grep -v "^198.1[89]"; echo end',
      )
      expect(engine).toMatch(/^(;.*\n)*end\n$/)
    },
  )
})
