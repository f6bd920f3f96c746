/** What a provider's store says it took from a domain: envelopes alone, whose sender is at the domain. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, expect, it } from 'vitest'
import { openStore } from '../../containers/internet/providers/store.ts'

const folder = await mkdtemp(join(tmpdir(), 'deliveries-'))
afterAll(() => rm(folder, { recursive: true }))

it('tells what came from a domain, newest first, and nothing of others or of before', async () => {
  const store = await openStore(folder)
  const take = (from: string, to: string) =>
    store.receive(Readable.from(['Subject: x\r\n\r\nA secret.\r\n']), 1000, () => ({
      from,
      to: [to],
      remoteAddress: '198.18.0.16',
      helo: 'mail.you.test',
      tls: true,
    }))
  const first = await take('ada@you.test', 'one@agrume.test')
  await take('ada@notyou.test', 'two@agrume.test')
  await take('', 'three@agrume.test')
  await take('Bo@You.Test', 'four@agrume.test')
  await store.judged(first ?? '', { fate: 'spam', reasons: [] })

  const told = store.deliveries({ sender: 'you.test', after: 0 })
  expect(told.map(({ to }) => to)).toEqual([['four@agrume.test'], ['one@agrume.test']])
  expect(told[1]?.verdict?.fate).toBe('spam')
  expect(JSON.stringify(told)).not.toContain('secret')
  expect(store.deliveries({ sender: 'you.test', after: Date.now() })).toEqual([])
})
