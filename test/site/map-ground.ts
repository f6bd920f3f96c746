/** The course's server without an engine: its pages, its door, its sockets, and an internet whose mail a test makes. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSteps } from '../../checker/steps.ts'
import { machineAddresses } from '../../containers/addresses.ts'
import type { MailEvent } from '../../containers/internet/api.ts'
import { MailLog } from '../../containers/internet/mail-log.ts'
import type { Lab, Labs } from '../../containers/types.ts'
import { buildSite, DIST } from '../../site/bin/site-build.ts'
import { Door } from '../../site/server/door.ts'
import { liveSockets } from '../../site/server/live.ts'
import { EventMail } from '../../site/server/map/event-mail.ts'
import { mapSockets } from '../../site/server/map/sockets.ts'
import { pages } from '../../site/server/pages.ts'
import { EventNames } from '../../site/server/registrar/event-names.ts'
import { nameSockets } from '../../site/server/registrar/sockets.ts'
import { Room } from '../../site/server/room.ts'
import { Store } from '../../site/server/store.ts'
import { terminals } from '../../site/server/terminal.ts'
import { upgrades } from '../../site/server/upgrades.ts'

export type NewMail = Pick<MailEvent, 'from' | 'to' | 'fate'> & Partial<MailEvent>

export interface MapGround extends AsyncDisposable {
  url: string
  /** Domains of the servers, the reader's own first. */
  servers: string[]
  /** How many streams of mail are open. */
  streams(): number
  happens(mail: NewMail): MailEvent
}

export const PROVIDERS = ['grosmail', 'agrume', 'fenetre', 'copine'] as const

const lab = (participant: string, slot: number): Lab => ({
  event: 'home',
  participant,
  domain: `${participant}.test`,
  host: `mail.${participant}.test`,
  seed: '',
  step: '',
  address: machineAddresses(0, slot),
})

/** `names` are the participants besides the reader, who is `you`. */
export async function mapGround(names: string[]): Promise<MapGround> {
  await buildSite(() => {}, new AbortController().signal)
  const dataDir = await mkdtemp(join(tmpdir(), 'ten-steps-map-'))
  const log = new MailLog()
  const all = ['you', ...names]
  let streams = 0
  const fake: Pick<Labs, 'follow' | 'inhabitants' | 'tail' | 'find' | 'kept'> & { internet: unknown } = {
    follow(_, since, onEvent) {
      const stream = log.follow(since)
      streams++
      stream.on('data', (line: string) => onEvent(JSON.parse(line) as MailEvent))
      stream.on('close', () => streams--)
      return () => void stream.destroy()
    },
    inhabitants: async () => ({
      labs: all.map(lab),
      internet: [...PROVIDERS, 'pourriel' as const].map((place, i) => ({
        place,
        ipv4: `198.18.0.${4 + i}`,
        ipv6: `2001:db8:0::${4 + i}`,
      })),
    }),
    kept: async () => [],
    internet: async () => ({
      ready: true,
      services: Object.fromEntries([...PROVIDERS, 'pourriel'].map(name => [name, { up: true }])),
    }),
    tail: () => () => {},
    find: async () => null,
  }
  const labs = fake as unknown as Labs
  const steps = new Map((await loadSteps()).steps.map(step => [step.id, step]))
  const store = new Store(dataDir)
  const me = store.participant('home', 'you')
  const door = new Door({ store, me, host: '127.0.0.1', key: 'k' })
  const mail = new EventMail(labs, 'home')
  const room = new Room({ participant: me, store, labs, steps, mail })
  await room.keeper.refresh()
  const app = await pages({ door, store, dist: DIST })
  const [live, shells, maps] = [liveSockets(), terminals(), mapSockets()]
  const nameSocket = nameSockets(new EventNames(labs, 'home'))
  upgrades(app.server, { door, live, shells, maps, names: nameSocket, labs, steps, roomOf: () => room })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    servers: all.map(name => `${name}.test`),
    streams: () => streams,
    happens: ({ envelope, ...more }) =>
      log.add({
        envelope: envelope ?? { from: `ada@${more.from}`, to: [`bob@${more.to}`] },
        size: 1200,
        code: { inbox: 250, spam: 250, deferred: 451, refused: 550 }[more.fate],
        reply: {
          inbox: '250 2.0.0 OK',
          spam: '250 2.0.0 OK',
          deferred: '451 4.7.1 Try again later',
          refused: '550 5.7.25 No PTR',
        }[more.fate],
        tls: 'TLSv1.3',
        reasons: [],
        transcript: 'S: 220 mx ready\nC: EHLO mail',
        ...more,
      }),
    async [Symbol.asyncDispose]() {
      mail.end()
      room.end()
      maps.close()
      nameSocket.close()
      live.close()
      shells.close()
      await app.close()
      store.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
