/** A solved lab goes on in another event: what its server, its domain and its desk have there. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Step } from '../checker/steps.ts'
import type { DomainState } from '../containers/internet/api.ts'
import type { Lab } from '../containers/types.ts'
import { type Ground, ground } from './fixture.ts'
import { begin, keep, type Solved } from './solved.ts'

const text = { en: 'x', fr: 'x' }
const stepOf = (id: string, files: Step['files'], names: Step['names']): Step => ({
  ...{ id, number: Number(id.slice(0, 2)), slug: id.slice(3), dir: '' },
  lab: { title: text, summary: text, minutes: 1, machines: ['server', 'desk'], tasks: [] },
  ...{ checks: {}, scripts: [], files, names },
})
const file = (machine: 'server' | 'desk', path: string, content: string) =>
  ({ machine, path, mode: 0o644, content }) as const

const first = stepOf(
  '05-first',
  lab => [file('server', '/srv/first', lab.seed), file('desk', '/srv/first', lab.seed)],
  lab => ({
    records: [
      { name: 'mail', type: 'A', data: lab.address.server.ipv4 },
      { name: 'mail', type: 'AAAA', data: lab.address.server.ipv6 },
    ],
    reverse: { [lab.address.server.ipv4]: lab.host },
  }),
)
const second = stepOf(
  '06-second',
  lab => [file('server', '/srv/second', lab.seed), file('desk', '/srv/second', lab.seed)],
  () => ({ records: [{ name: 'second', type: 'TXT', data: '"of the start"' }], reverse: {} }),
)

/** What a solution leaves: a setting with an address, a service, names by DNS UPDATE; DS and strictness at the registry. */
const SOLVE = `hostname -I > /etc/addresses; chmod 600 /etc/addresses
cp /etc/addresses /var/log/addresses
echo 'EX:2:respawn:/usr/bin/socat TCP-LISTEN:2525,fork,reuseaddr SYSTEM:date' >> /etc/inittab; telinit q`
const NAMES = `ipv4=$(dig +short "$0")
printf '%s\\n' "server ns.nic.test" "update add $1. 300 TXT \\"v=spf1 ip4:$ipv4 -all\\"" send | nsupdate -k ~/registrar.key`

let there: Ground & AsyncDisposable
let solved: Solved
let before: Lab
const home = () => ({ event: there.event(), participant: 'you' })

beforeAll(async () => {
  there = await ground()
  before = await begin(there.labs, home(), first, undefined, true)
  const { labs } = there
  const ran = await labs.exec(before, 'server', ['sh', '-ec', SOLVE])
  expect(ran.code, ran.stderr).toBe(0)
  const succeeds = async (machine: 'server' | 'desk', argv: string[]) =>
    expect((await labs.exec(before, machine, argv)).code, argv.join(' ')).toBe(0)
  await vi.waitFor(() => succeeds('desk', ['test', '-e', '/home/you/registrar.key']), 20_000)
  const named = await labs.exec(before, 'desk', ['bash', '-ec', NAMES, before.host, before.domain], {
    user: 'you',
    env: { HOME: '/home/you' },
  })
  expect(named.code, named.stderr).toBe(0)
  for (const what of ['ds', 'strict'])
    await labs.internet(before.event, 'PUT', `/domains/${before.domain}/${what}`)
  await vi.waitFor(() => succeeds('server', ['grep', '-qi', ':09DD', '/proc/net/tcp']), 20_000)
  solved = await keep(labs, first, before, {}, undefined)
})
afterAll(async () => {
  if (solved) await there.labs.dropSnapshot(solved.image)
  await there[Symbol.asyncDispose]()
})

const read = async (lab: Lab, machine: 'server' | 'desk', path: string) =>
  (await there.labs.exec(lab, machine, ['cat', path])).stdout
const stateOf = (lab: Lab) => there.labs.internet<DomainState>(lab.event, 'GET', `/domains/${lab.domain}`)

it('goes on as the start of a step that follows: same seed, moved addresses, that start on top', async () => {
  const lab = await begin(there.labs, home(), second, solved, true)
  expect(lab.address).not.toEqual(before.address)
  expect(lab.seed).toBe(before.seed)
  expect(await read(lab, 'server', '/etc/addresses')).toContain(lab.address.server.ipv4)
  expect(await read(lab, 'server', '/etc/addresses')).toContain(lab.address.server.ipv6)
  expect(await read(lab, 'server', '/var/log/addresses'), 'what is no setting stays').toContain(
    before.address.server.ipv4,
  )
  for (const machine of ['server', 'desk'] as const)
    for (const path of ['/srv/first', '/srv/second'])
      expect(await read(lab, machine, path), `${machine} ${path}`).toBe(before.seed)
  const state = await stateOf(lab)
  expect(state).toMatchObject({ signed: true, strict: true })
  expect(state.reverse).toEqual({ [lab.address.server.ipv4]: lab.host })
  expect(state.records.map(({ name, type, data }) => `${name} ${type} ${data}`).sort()).toEqual([
    `@ TXT "v=spf1 ip4:${lab.address.server.ipv4} -all"`,
    `mail A ${lab.address.server.ipv4}`,
    `mail AAAA ${lab.address.server.ipv6}`,
    'second TXT "of the start"',
  ])
  const trusted = await there.labs.internet<string[]>(lab.event, 'GET', '/authorities')
  expect(trusted).toEqual(expect.arrayContaining(solved.authorities))
})

it('goes on after its own solution without its start, with its services up', async () => {
  const lab = await begin(there.labs, home(), first, solved, false)
  const service = await there.labs.tunnel(lab.event, { host: lab.address.server.ipv4, port: 2525 })
  service.destroy()
  expect((await stateOf(lab)).records).toHaveLength(3)
})
