import { expect, test } from 'vitest'
import type { Machine } from '../../containers/types.ts'
import { encode, FrameReader } from '../../site/server/terminal/frames.ts'
import { ATTACH, LOCALES, SHELLS } from '../../site/server/terminal/shells.ts'
import { ground, plain } from '../fixture.ts'
import { until } from './holder-client.ts'

test('on real machines: root on the server, the participant on the desk, each in the reader’s language', async () => {
  await using place = await ground()
  const { labs } = place
  const lab = await labs.open({ event: place.event(), participant: 'you' }, plain)

  async function shell(machine: Machine, lang: 'en' | 'fr') {
    const pipe = await labs.attach(lab, machine, ATTACH)
    let text = ''
    let written = 0
    let seq = 0
    let code: number | undefined
    const reader = new FrameReader({
      at: () => {},
      data: bytes => {
        text += bytes.toString()
        seq += bytes.length
        pipe.write(encode.ack(seq))
      },
      got: () => {},
      size: () => {},
      exit: value => {
        code = value
      },
      refused: word => {
        throw new Error(word)
      },
    })
    pipe.on('data', (chunk: Buffer) => reader.push(chunk))
    pipe.write(
      encode.open({
        terminal: '1',
        shell: '',
        from: 0,
        window: 65_536,
        cols: 100,
        rows: 30,
        writer: 'w',
        lang: LOCALES[lang],
        readOnly: false,
        ...SHELLS[machine],
      }),
    )
    return {
      async type(line: string, mark: string): Promise<string> {
        const bytes = Buffer.from(`${line}\n`)
        pipe.write(encode.input(written, bytes))
        written += bytes.length
        await until(() => text.includes(mark), `«${mark}» in «${text.slice(-600)}»`, 20_000)
        return text
      },
      async close(): Promise<number | undefined> {
        pipe.write(encode.close())
        await until(() => code !== undefined, 'EXIT')
        return code
      },
    }
  }

  const server = await shell('server', 'fr')
  const seen = await server.type(
    'id -un; pwd; echo $LANG $TERM; tty; shopt -q login_shell && echo lo""gin',
    'login\r',
  )
  for (const line of ['root', '/root', 'fr_FR.UTF-8 xterm-256color']) expect(seen).toContain(`${line}\r\n`)
  expect(await server.type('ls /nowhere; echo EN""D', 'END\r')).toMatch(/Aucun fichier/)

  const desk = await shell('desk', 'en')
  const there = await desk.type('id -un; pwd; echo $LANG; stat -c "%U %a" $(tty); echo EN""D', 'END\r')
  for (const line of ['you', '/home/you', 'en_US.UTF-8', 'you 620']) expect(there).toContain(`${line}\r\n`)
  // sudo gives its command a terminal and a session of its own.
  await desk.type('echo be""fore; sudo sleep 97531', 'before\r')
  const sleeping = async () => (await labs.exec(lab, 'desk', ['pgrep', '-fc', 'sleep 9753[1]'])).stdout.trim()
  await expect.poll(sleeping).not.toBe('0')
  await desk.close()
  await expect.poll(sleeping).toBe('0')
  await server.close()
  expect((await labs.exec(lab, 'server', ['pgrep', '-xc', 'bash'])).stdout.trim()).toBe('0')
})
