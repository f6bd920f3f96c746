/**
 * The course's terminal server in a process of its own, so that its memory can be read: the real upgrade path, on
 * one machine. Arguments: container, window. Prints its port; answers `memory` on the IPC channel.
 */
import { createServer } from 'node:http'
import { Engine } from '../../containers/docker.ts'
import type { Lab } from '../../containers/types.ts'
import { terminals } from '../../site/server/terminal.ts'

const [container = '', window = ''] = process.argv.slice(2)
const engine = await Engine.connect()
if (!engine) throw new Error('no container engine answers')

const shells = terminals(window ? { window: Number(window) } : {})
const server = createServer()
server.on('upgrade', (request, socket, head) => {
  const terminal = Number(new URL(request.url ?? '/', 'http://localhost').pathname.split('/').at(-1))
  shells.upgrade(request, socket, head, {
    labs: { pipe: (_lab, _machine, argv) => engine.pipe(container, argv) },
    lab: () => ({}) as Lab,
    machine: 'server',
    terminal,
    lang: 'en',
    participant: 'bench',
  })
})
process.on('message', message => {
  if (message !== 'memory') return
  // Garbage is not growth; with --expose-gc what is left counts.
  globalThis.gc?.()
  setTimeout(() => {
    globalThis.gc?.()
    process.send?.({ memory: process.memoryUsage().rss })
  }, 50)
})
process.on('disconnect', () => process.exit())
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as { port: number }).port }))
