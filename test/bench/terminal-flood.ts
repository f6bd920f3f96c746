/** A session that floods, in a process of its own: `direct CONTAINER` or `ours PORT TERMINAL`. Ends with its parent. */
import { Engine } from '../../containers/docker.ts'
import { direct, ours } from './terminal-sessions.ts'

const [kind, where = '', terminal = ''] = process.argv.slice(2)
let session: Awaited<ReturnType<typeof direct>>
if (kind === 'direct') {
  const engine = await Engine.connect()
  if (!engine) throw new Error('no container engine answers')
  session = await direct(engine, where)
} else session = await ours(Number(where), Number(terminal))
let bytes = 0
session.onData = chunk => {
  bytes += chunk.length
  if (bytes > 2_000_000) process.send?.('flooding')
  if (bytes > 2_000_000) session.onData = () => {}
}
session.write('yes "the quick brown fox jumps over the lazy dog"\n')
process.on('message', async () => {
  session.onData = () => {}
  session.write('\x03')
  await session.close()
  process.exit()
})
process.on('disconnect', () => process.exit())
