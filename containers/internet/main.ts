/** The rest of the world: names, providers, and the control socket over which the course's server moves it. */
import { readFile } from 'node:fs/promises'
import { CONTROL_SOCKET } from './api.ts'
import { authorityRoutes } from './authority.ts'
import {
  MailQuery,
  MessagesQuery,
  RecentMailQuery,
  ResolveSchema,
  SendSchema,
  SOURCE_LIMIT,
} from './bodies.ts'
import { type Call, openControl, parse, Refused, type Route } from './control.ts'
import { labNet } from './env.ts'
import { openFriends } from './friends/answering.ts'
import { openMembers } from './friends/members.ts'
import { health } from './health.ts'
import { MailLog } from './mail-log.ts'
import { openDelivery } from './mailboxes/deliver.ts'
import { sweep } from './mailboxes/limits.ts'
import { openPeople } from './mailboxes/people.ts'
import { mailboxRoutes, removePerson } from './mailboxes/routes.ts'
import { openNames } from './names.ts'
import { PLACES, type Place } from './places.ts'
import { agrume } from './providers/agrume.ts'
import { copine } from './providers/copine.ts'
import { fenetre } from './providers/fenetre.ts'
import { grosmail } from './providers/grosmail.ts'
import { labDns } from './providers/lookups.ts'
import { type Provider, providerZone } from './providers/provider.ts'
import { openMx, type World } from './providers/receive.ts'
import { send } from './providers/send.ts'
import { type MessageStore, openStore } from './providers/store.ts'
import { registrar } from './registrar.ts'
import { resolve } from './resolver.ts'
import { RESERVED } from './zones.ts'

const STATE = '/var/lib/internet'

const net = labNet(process.env)
const providers: readonly Provider[] = [grosmail, agrume, fenetre, copine]
const stores = new Map<string, { provider: Provider; store: MessageStore }>()

const names = openNames(
  net,
  providers.map(provider => providerZone(provider, net)),
  Object.fromEntries(providers.map(({ name, host }) => [name, `${host}.`])),
)
names.ready.then(
  () => console.log('names are served'),
  (error: Error) => {
    console.error('names:', error)
    // The supervisor starts it again; half an internet is none.
    process.exit(1)
  },
)

function providerOf({ parameters }: Call) {
  const found = stores.get(parameters.provider ?? '')
  if (found === undefined) throw new Refused(404, `there is no provider ${parameters.provider}`)
  return found
}

const mail = new MailLog()

const people = await openPeople(`${STATE}/people`)
const members = openMembers()
const friends = openFriends((provider, body) => send(provider, net, body, mail), members)
const deliver = openDelivery(`${STATE}/mail`, people, friends.reached)
setInterval(() => void sweep(`${STATE}/mail`).catch(error => console.error('mailboxes:', error)), 300_000)

const inhabitants = new Map(
  (Object.keys(PLACES) as Place[]).flatMap(place =>
    Object.values(net.at(place)).map((address): [string, Place] => [address, place]),
  ),
)
const world: World = {
  dns: labDns(),
  sender(address) {
    const owner = names.owner(address)
    if (owner) return { name: owner.domain, strict: owner.strict }
    const place = inhabitants.get(address)
    // Providers know each other; of all others, spammers above all, they ask everything.
    const friend = providers.some(({ name }) => name === place)
    return { name: place ? `${place}.test` : address, strict: !friend }
  },
  log: mail,
  deliver,
}

const routes: Route[] = [
  ...registrar(names, new Set([...RESERVED, ...providers.map(({ domain }) => domain)]), net, domain =>
    removePerson(`${STATE}/mail`, people, domain.replace(/\.test$/, '')),
  ),
  ...authorityRoutes,
  ...mailboxRoutes(`${STATE}/mail`, people, mail, members),
  {
    method: 'POST',
    path: '/resolve',
    async answer({ body }) {
      const { name, type } = parse(ResolveSchema, body, 'body')
      return resolve(name, type)
    },
  },
  {
    method: 'POST',
    path: '/providers/:provider/send',
    limit: SOURCE_LIMIT + 4096,
    async answer(call) {
      const { provider } = providerOf(call)
      return send(provider, net, parse(SendSchema, call.body, 'body'), mail)
    },
  },
  {
    method: 'GET',
    path: '/providers/:provider/messages',
    async answer(call) {
      const { store } = providerOf(call)
      return store.find(parse(MessagesQuery, call.query, 'query'))
    },
  },
  {
    method: 'GET',
    path: '/mail',
    async answer({ query }) {
      const { since } = parse(MailQuery, query, 'query')
      return mail.follow(since)
    },
  },
  {
    method: 'GET',
    path: '/mail/recent',
    async answer({ query }) {
      const { from, to, after = 0 } = parse(RecentMailQuery, query, 'query')
      return mail
        .recent()
        .filter(event => event.at > after && (!from || event.from === from) && (!to || event.to === to))
        .reverse()
    },
  },
  {
    method: 'GET',
    path: '/health',
    async answer() {
      const state = await health(
        names.ready,
        Object.fromEntries(providers.map(({ name }) => [name, net.at(name).ipv4])),
        net.at('grosmail').ipv4,
      )
      if (state.ready) return state
      const down = Object.entries(state.services).filter(([, { up }]) => !up)
      const why = down.map(([name, { detail }]) => `${name}: ${detail}`).join('; ')
      throw new Refused(503, `not every service is up: ${why}`, state)
    },
  },
]

for (const provider of providers) {
  const store = await openStore(`${STATE}/messages/${provider.name}`)
  stores.set(provider.name, { provider, store })
  const certificate = {
    key: await readFile(`${STATE}/tls/${provider.host}.key`),
    cert: await readFile(`${STATE}/tls/${provider.host}.crt`),
  }
  await openMx(provider, net.at(provider.name), store, certificate, world)
}
await openControl(CONTROL_SOCKET, routes)
