import { expect, test } from 'vitest'
import { MailLog } from '../../containers/internet/mail-log.ts'

test('one server’s flood does not push out what another sent', () => {
  const log = new MailLog()
  const tell = (from: string, code: number) =>
    log.add({
      ...{ from, to: 'grosmail.test', envelope: { from: `a@${from}`, to: [] }, size: 0, fate: 'refused' },
      ...{ code, reply: '', tls: false, reasons: [], transcript: '' },
    })
  tell('ada.test', 452)
  for (let i = 0; i < 2000; i++) tell('bob.test', 550)
  tell('ada.test', 550)
  const kept = log.recent()
  expect(kept).toHaveLength(1000)
  expect(kept.filter(({ from }) => from === 'ada.test').map(({ code }) => code)).toEqual([452, 550])
  expect(kept.map(({ id }) => id)).toEqual(kept.map(({ id }) => id).toSorted((a, b) => a - b))
})
