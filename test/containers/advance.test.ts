import { expect, it } from 'vitest'
import { namesOnTop } from '../../checker/start.ts'
import { changeNames } from '../../containers/advance.ts'
import type { Labs } from '../../containers/types.ts'
import { lab } from '../checker/lab.ts'

it('a lab that goes on to a strict step with a listed address sends the registry names, and nothing else', async () => {
  const asked: { what: string; body: unknown }[] = []
  const internet: Labs['internet'] = async (_event, method, path, body) => {
    asked.push({ what: `${method} ${path}`, body })
    return { version: '7', strict: false, records: [], reverse: { '198.18.0.16': 'a.test' } } as never
  }
  const start = {
    records: [{ name: '@', type: 'TXT' as const, data: '"hello"' }],
    reverse: { '2001:db8::16': 'b.test' },
    strict: true as const,
    listed: { '198.18.0.16': 'spam-trap' as const },
  }
  await changeNames({ internet }, lab, start, namesOnTop)
  const path = `/domains/${lab.domain}`
  expect(asked.map(({ what }) => what)).toEqual([
    'POST /blocklist/198.18.0.16',
    `GET ${path}`,
    `PUT ${path}/strict`,
    `PUT ${path}`,
  ])
  expect(asked.at(-1)?.body).toEqual({
    records: start.records,
    reverse: { '198.18.0.16': 'a.test', '2001:db8::16': 'b.test' },
    version: '7',
  })
})
