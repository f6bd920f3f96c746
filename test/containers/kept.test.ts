/** Labs that are set aside and come back, and labs that go on to another step: in real machines. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withMissing } from '../../containers/advance.ts'
import type { BlocklistState, DomainState, PeopleAnswer } from '../../containers/internet/api.ts'
import { keptName } from '../../containers/kept.ts'
import type { Lab, Machine, Start } from '../../containers/types.ts'
import { type Ground, ground, plain } from '../fixture.ts'

let here: Ground & AsyncDisposable
let sockets: string
let event: string
const who = (participant: string) => ({ event, participant })

beforeAll(async () => {
  // Sockets are mounted from a folder of each machine's, which goes when a lab is closed.
  sockets = await mkdtemp(join(tmpdir(), 'kept-'))
  here = await ground({ sockets })
  event = here.event()
  await here.labs.ensureEvent(event)
}, 120_000)

afterAll(async () => {
  await here[Symbol.asyncDispose]()
  await rm(sockets, { recursive: true })
}, 60_000)

const sh = async (lab: Lab, machine: Machine, script: string) =>
  (await here.labs.exec(lab, machine, ['bash', '-c', script])).stdout
const state = (lab: Lab) => here.labs.internet<DomainState>(event, 'GET', `/domains/${lab.domain}`)
const machinesOf = async (participant: string) =>
  (await here.engine.containers(`ten-steps.participant=${participant}`)).filter(
    one => one.labels['ten-steps.instance'] === here.instance,
  )

/** Listens on 2525 at every boot: a service as a learner would have it. */
const SERVICE = `
cat >/etc/init.d/hello <<'END'
#!/bin/sh
### BEGIN INIT INFO
# Provides: hello
# Required-Start:
# Required-Stop:
# Default-Start: 2
# Default-Stop: 0 6
### END INIT INFO
[ "$1" = start ] && setsid socat TCP6-LISTEN:2525,fork,reuseaddr,ipv6only=0 SYSTEM:"echo hello" >/dev/null 2>&1 &
END
chmod +x /etc/init.d/hello && update-rc.d hello defaults`
const greeted = (from: Lab, to: Lab) => sh(from, 'desk', `cat </dev/tcp/${to.address.server.ipv4}/2525`)

/** Adds a name as the learner does, with the key on the desk. */
const addName = (lab: Lab, name: string) =>
  sh(
    lab,
    'desk',
    `until [ -e /home/${lab.participant}/registrar.key ]; do sleep 0.1; done
printf 'server ns.nic.test\\nupdate add ${name}.${lab.domain}. 300 A 198.18.0.9\\nsend\\n' |
nsupdate -k /home/${lab.participant}/registrar.key && dig +short ${name}.${lab.domain}`,
  )

describe('a lab that is set aside', () => {
  test('comes back with its files, services, mail, names and home, at its addresses, after another lab was there', async () => {
    const first = await here.labs.open(who('ada'), plain)
    await sh(first, 'server', `${SERVICE}; mkdir -p /home/zoe/Maildir/new; echo Hi >/home/zoe/Maildir/new/1`)
    expect(await addName(first, 'www')).toBe('198.18.0.9\n')
    await sh(first, 'desk', 'echo mine >/home/ada/note')
    await here.labs.internet(event, 'PUT', '/domains/ada.test/ds')
    await here.labs.internet(event, 'PUT', '/domains/ada.test/strict')
    const listing = `/blocklist/${first.address.server.ipv4}`
    const listed = async () =>
      (await here.labs.internet<BlocklistState>(event, 'GET', listing)).listing?.cause
    await here.labs.internet(event, 'POST', listing, { cause: 'backscatter' })
    const before = await state(first)

    const boxes = () => here.labs.internet<PeopleAnswer>(event, 'POST', '/people', { participant: 'ada' })
    const { mailboxes } = await boxes()

    const kept = await here.labs.keep(first)
    expect(await here.labs.find(who('ada'))).toBeNull()
    const second = await here.labs.open(who('ada'), { step: 'another', files: () => [] })
    const other = await here.labs.open(who('bob'), plain)
    expect(second.seed).not.toBe(first.seed)
    expect(second.address).toEqual(first.address)
    expect(other.address.server.ipv4).not.toBe(first.address.server.ipv4)
    expect(await sh(second, 'server', 'ls /home; ss -Hltn sport = :2525')).toBe('')
    expect(await state(second)).toMatchObject({ records: [], signed: false, strict: false })
    expect(await listed()).toBeUndefined()
    await expect(here.labs.restore(who('ada'), kept.at)).rejects.toThrow(/has a lab that is open/)

    await here.labs.keep(second)
    expect((await here.labs.kept(who('ada'))).map(({ step }) => step)).toEqual(['another', 'none'])
    const back = await here.labs.restore(who('ada'), kept.at)
    expect(back).toEqual(first)
    await expect.poll(() => greeted(other, back), { timeout: 15_000 }).toBe('hello\n')
    expect(await sh(back, 'server', 'cat /home/zoe/Maildir/new/1')).toBe('Hi\n')
    expect(await sh(back, 'desk', 'cat /home/ada/note')).toBe('mine\n')
    const { records, reverse, signed, strict, version, since } = await state(back)
    expect({ records, reverse, signed, strict, version, since }).toEqual({
      records: before.records,
      reverse: before.reverse,
      signed: true,
      strict: true,
      version: before.version,
      since: before.since,
    })
    expect(await listed()).toBe('backscatter')
    expect(await boxes()).toEqual({ made: false, mailboxes })
    // The key on the desk is the domain's again.
    expect(await addName(back, 'web')).toBe('198.18.0.9\n')
    expect((await here.labs.kept(who('ada'))).map(({ step }) => step)).toEqual(['another'])
  })

  test('stays while the other is closed and all is reconciled, grows no layers, and goes when it is let go', async () => {
    let lab = await here.labs.open(who('cyd'), plain)
    await sh(lab, 'server', 'echo kept >/root/note')
    const images = async () => (await machinesOf('cyd')).map(({ image }) => image).sort()
    const before = await images()
    for (let round = 0; round < 2; round++) {
      const { at } = await here.labs.keep(lab)
      if (round) await here.labs.open(who('cyd'), plain)
      await here.labs.close(who('cyd'))
      await here.labs.reconcile(event, ['ada', 'bob', 'cyd'])
      lab = await here.labs.restore(who('cyd'), at)
    }
    expect(await sh(lab, 'server', 'cat /root/note')).toBe('kept\n')
    expect(await images()).toEqual(before)
    const { at } = await here.labs.keep(lab)
    await here.labs.dropKept(who('cyd'), at)
    expect(await here.labs.kept(who('cyd'))).toEqual([])
    expect(await machinesOf('cyd')).toEqual([])
  })

  test('is whole even if we were killed while its two machines were renamed', async () => {
    const lab = await here.labs.open(who('dan'), plain)
    await sh(lab, 'server', 'echo kept >/root/note')
    const { at } = await here.labs.keep(lab)
    const desk = `ten-${here.instance}-${event}-dan-desk`
    // As far as it was when the second name was not given yet, and the domain still registered.
    await here.engine.rename(keptName(desk, at), desk)
    const key = Buffer.alloc(32, 'k').toString('base64')
    const registered = { records: [], reverse: {}, addresses: [], key }
    await here.labs.internet(event, 'POST', '/domains/dan.test', registered)
    await here.labs.reconcile(event, ['ada', 'bob', 'dan'])
    expect((await machinesOf('dan')).map(({ name }) => name)).toContain(keptName(desk, at))
    const next = await here.labs.open(who('dan'), plain)
    expect(await addName(next, 'www')).toBe('198.18.0.9\n')
    await here.labs.close(who('dan'))
    const back = await here.labs.restore(who('dan'), at)
    expect(await sh(back, 'server', 'cat /root/note')).toBe('kept\n')
  })

  test('is told from one that never was', async () => {
    await expect(here.labs.restore(who('eve'), 12)).rejects.toThrow(/keeps no lab of 1970/)
    expect(await here.labs.kept(who('eve'))).toEqual([])
  })
})

describe('a lab that goes on to another step', () => {
  test('gets that step’s files and the names that are missing, and keeps its seed, its files and its own names', async () => {
    const lab = await here.labs.open(who('fay'), { step: 'first', files: () => [] })
    await sh(lab, 'server', 'echo mine >/root/mine')
    await here.labs.internet(event, 'PUT', `/domains/${lab.domain}`, {
      records: [{ name: '@', type: 'MX', data: '5 other.fay.test.' }],
      reverse: { [lab.address.server.ipv4]: 'other.fay.test' },
    })
    const next: Start = {
      ...plain,
      step: 'second',
      files: ({ seed }) => [{ machine: 'server', path: '/root/list', mode: 0o600, content: seed }],
    }
    await here.labs.advance(lab, next)
    expect(await sh(lab, 'server', 'cat /root/mine /root/list')).toBe(`mine\n${lab.seed}`)
    const { records, reverse } = await state(lab)
    expect(records.filter(({ type }) => type === 'MX').map(({ data }) => data)).toEqual(['5 other.fay.test.'])
    const address = { name: 'mail', type: 'A', data: lab.address.server.ipv4 }
    expect(records).toContainEqual(expect.objectContaining(address))
    expect(reverse[lab.address.server.ipv4]).toBe('other.fay.test')
    expect(reverse[lab.address.server.ipv6]).toBe('mail.fay.test')
    expect((await here.labs.find(who('fay')))?.seed).toBe(lab.seed)
  })

  test('gets no record beside an alias, where a zone can hold none', () => {
    const mail = { name: 'mail', type: 'A' as const, data: '198.18.0.1' }
    const alias = { name: 'mail', type: 'CNAME' as const, data: 'www.you.test.' }
    expect(withMissing({ records: [alias], reverse: {} }, { records: [mail], reverse: {} })).toBeNull()
    expect(withMissing({ records: [mail], reverse: {} }, { records: [alias], reverse: {} })).toBeNull()
  })
})
