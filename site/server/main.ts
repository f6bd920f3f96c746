/** The course's server: static pages, a small JSON API, sockets for terminals and for what is live. */

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { loadSteps } from '../../checker/steps.ts'
import type { Engine } from '../../containers/docker.ts'
import type { Images } from '../../containers/images.ts'
import { createLabs } from '../../containers/lab.ts'
import { blocklist } from './blocklist.ts'
import { Door } from './door.ts'
import { inbox } from './inbox.ts'
import { liveSockets } from './live.ts'
import { EventMail } from './map/event-mail.ts'
import { mapSockets } from './map/sockets.ts'
import { pages } from './pages.ts'
import { EventNames } from './registrar/event-names.ts'
import { registrar } from './registrar/routes.ts'
import { nameSockets } from './registrar/sockets.ts'
import { Room } from './room.ts'
import { Store } from './store.ts'
import { terminals } from './terminal.ts'
import { upgrades } from './upgrades.ts'

/** Alone at home: one participant in one event. */
const HOME = { event: 'home', participant: 'you' }

export interface ServeOptions {
  host: string
  port: number
  dataDir: string
  engine: Engine
  images: Images
  /** The built site; pages answer 404 while it is not there (in development Astro serves them). */
  dist: string
  /** Folder of the steps; the course's own if left out. */
  labs?: string
}

export interface Serving {
  url: string
  /** The link that opens the course to another computer; null when bound to loopback, where none is needed. */
  enter: string | null
  close(): Promise<void>
}

/** Starts the server; it finds the labs that are there and brings them up. Throws if the port or the store can't be had. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { steps, problems } = await loadSteps(options.labs)
  for (const problem of problems) console.error(problem.message)
  const byId = new Map(steps.map(step => [step.id, step]))

  const store = new Store(options.dataDir)
  const me = store.participant(HOME.event, HOME.participant)
  const instance = store.setting('instance', () => randomBytes(3).toString('hex'))
  const key = store.setting('key', () => randomBytes(16).toString('base64url'))
  const labs = createLabs({
    engine: options.engine,
    images: options.images,
    instance,
    sockets: join(options.dataDir, 'sockets'),
  })
  const mail = new EventMail(labs, HOME.event)
  const room = new Room({ participant: me, store, labs, steps: byId, mail })
  const door = new Door({ store, me, host: options.host, key })

  const app = await pages({ door, store, dist: existsSync(options.dist) ? options.dist : null })
  inbox(app, { door, labs })
  registrar(app, { door, labs })
  blocklist(app, { door, labs })
  const live = liveSockets()
  const shells = terminals()
  const maps = mapSockets()
  const names = nameSockets(new EventNames(labs, HOME.event))
  upgrades(app.server, { door, live, shells, maps, names, labs, steps: byId, roomOf: () => room })

  const unwatch = labs.watch(state => {
    if (state === 'down') return room.keeper.lost()
    // The network is sealed again before a machine comes up: after a restart of the host its rules are gone.
    void bringUp()
  })
  const bringUp = () =>
    room.keeper.refresh(() =>
      labs.reconcile(
        HOME.event,
        store.participants(HOME.event).map(p => p.name),
      ),
    )

  await app.listen({ host: options.host, port: options.port })
  const { port } = app.server.address() as { port: number }
  const name = options.host.includes(':') ? `[${options.host}]` : options.host
  const url = `http://${name}:${port}`
  return {
    url,
    enter: door.welcome() === null ? `${url}/enter?key=${key}` : null,
    async close() {
      unwatch()
      live.close()
      shells.close()
      maps.close()
      names.close()
      mail.end()
      room.end()
      await app.close()
      store.close()
    },
  }
}
