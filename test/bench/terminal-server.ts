/**
 * The course's terminal server in a process of its own, so that its memory can be read: upgrade, relay, `labs.attach`.
 * Told by its parent which lab (`Setup`); says its port, and its memory when asked.
 */
import { createServer } from 'node:http'
import { Engine } from '../../containers/docker.ts'
import { createLabs, type LabsOptions } from '../../containers/lab.ts'
import type { Lab } from '../../containers/types.ts'
import { terminals } from '../../site/server/terminal.ts'

export interface Setup {
  instance: string
  images: LabsOptions['images']
  lab: Lab
  sockets: string
  window: number | undefined
}

process.once('message', async (setup: Setup) => {
  const engine = await Engine.connect()
  if (!engine) throw new Error('no container engine answers')
  const labs = createLabs({ engine, images: setup.images, instance: setup.instance, sockets: setup.sockets })
  const shells = terminals(setup.window ? { window: setup.window } : {})
  const server = createServer()
  server.on('upgrade', (request, socket, head) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    shells.upgrade(request, socket, head, {
      labs,
      lab: () => setup.lab,
      machine: 'server',
      terminal: Number(path.split('/').at(-1)),
      lang: 'en',
      participant: setup.lab.participant,
    })
  })
  process.on('message', () => void tellMemory())
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as { port: number }).port }))
})
process.on('disconnect', () => process.exit())

/** Garbage is not growth: what is left after a collection counts. */
async function tellMemory(): Promise<void> {
  globalThis.gc?.()
  await new Promise(done => setTimeout(done, 50))
  globalThis.gc?.()
  process.send?.({ memory: process.memoryUsage().rss })
}
