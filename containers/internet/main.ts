/** The rest of the world: names, providers, and the control socket over which the course's server moves it. */
import { CONTROL_SOCKET, type RegisterBody } from './api.ts'
import { IMPOSTOR } from './api-reports.ts'
import { openAttacks } from './attacks/attacks.ts'
import { openPhishing } from './attacks/phishing.ts'
import { attackRoutes, pourrielZone } from './attacks/routes.ts'
import { locate } from './attacks/where.ts'
import { authorityRoutes } from './authority.ts'
import { openWatch } from './blocklist/open.ts'
import { blocklistRoutes } from './blocklist/routes.ts'
import { blocklistZone } from './blocklist/zone.ts'
import {
  DeliveriesQuery,
  doorsSchema,
  MessagesQuery,
  ResolveSchema,
  SendSchema,
  SOURCE_LIMIT,
} from './bodies.ts'
import { type Call, openControl, parse, Refused, type Route } from './control.ts'
import { openHouses } from './doors/doors.ts'
import { labNet } from './env.ts'
import { openFriends } from './friends/answering.ts'
import { openMembers } from './friends/members.ts'
import { health } from './health.ts'
import { HOST as IMPOSTOR_HOST, impostorZone, openImpostor } from './impostor/impostor.ts'
import { domainAt, inhabitantsOf } from './inhabitants.ts'
import { MailLog } from './mail-log.ts'
import { mailRoutes } from './mail-routes.ts'
import { openDelivery } from './mailboxes/deliver.ts'
import { sweep } from './mailboxes/limits.ts'
import { openPeople } from './mailboxes/people.ts'
import { mailboxRoutes, PersonName, removePerson } from './mailboxes/routes.ts'
import { openNames } from './names.ts'
import { agrume } from './providers/agrume.ts'
import { copine } from './providers/copine.ts'
import { Counters } from './providers/counters.ts'
import { fenetre } from './providers/fenetre.ts'
import { grosmail } from './providers/grosmail.ts'
import { labDns } from './providers/lookups.ts'
import { type Provider, providerZone } from './providers/provider.ts'
import { openMx, type World } from './providers/receive.ts'
import { openSend } from './providers/send.ts'
import { type MessageStore, openStore } from './providers/store.ts'
import { registrar } from './registrar.ts'
import { openRegistrarApi } from './registrar-api.ts'
import { openRelay } from './relay/relay.ts'
import { relayZone } from './relay/zone.ts'
import { keyRecords } from './reports/keys.ts'
import { openReporter } from './reports/reporter.ts'
import { resolve } from './resolver.ts'
import { certificateOf, servePolicy } from './tls/promises.ts'
import { tlsRoutes } from './tls/routes.ts'
import { StsCache } from './tls/sts.ts'
import { REGISTRAR_API, RESERVED } from './zones.ts'

const STATE = '/var/lib/internet'

const net = labNet(process.env)
const mail = new MailLog()
const providers: readonly Provider[] = [grosmail, agrume, fenetre, copine]
const stores = new Map<string, { provider: Provider; store: MessageStore }>()

const inhabitants = inhabitantsOf(net)
const providerDomains = new Set(providers.map(({ domain }) => domain))
const dns = labDns()

/** Whose an address is, of those who can be attacked or listed. */
const owner = (address: string): string | null => {
  const place = inhabitants.get(address)
  return place === undefined ? (names.owner(address)?.domain ?? null) : domainAt(place)
}
const attacks = openAttacks(
  {
    locate: (at, family) => locate(at, family, { net, owner }),
    from: spammer => net.at(spammer),
    providers: providerDomains,
  },
  mail,
)
const phishing = await openPhishing(attacks, address => names.owner(address)?.domain ?? null)
const watch = await openWatch(STATE, {
  // Of the internet's own only spammers are ever listed.
  owner: address => {
    const domain = owner(address)
    return inhabitants.has(address) && domain !== 'pourriel.test' ? null : domain
  },
  publish: () => names.refresh(),
  inspector: { dns, from: net.at('blocklist') },
  attack: attacks.kindOf,
})

const inhabitantZones = [pourrielZone(net), blocklistZone(net, watch.list.listings), relayZone(net)]
const names = openNames(
  net,
  [
    ...(await Promise.all(
      providers.map(async provider => providerZone(provider, net, await keyRecords(provider, net))),
    )),
    await impostorZone(net),
    ...inhabitantZones,
  ],
  {
    ...Object.fromEntries(providers.map(({ name, host }) => [name, `${host}.`])),
    impostor: `${IMPOSTOR_HOST}.`,
    pourriel: 'mx.pourriel.test.',
    blocklist: 'blocklist.test.',
    relais: 'smtp.relais.test.',
  },
)
names.ready.then(
  () => console.log('names are served'),
  (error: Error) => {
    console.error('names:', error)
    // The supervisor starts it again; half an internet is none.
    process.exit(1)
  },
)

const counted = new Map(providers.map(({ name }) => [name, new Counters()]))
const countersOf = ({ name }: Provider) => counted.get(name) as Counters

function providerOf({ parameters }: Call) {
  const found = stores.get(parameters.provider ?? '')
  if (found === undefined) throw new Refused(404, `there is no provider ${parameters.provider}`)
  return found
}

const caches = new Map(providers.map(({ name }) => [name, new StsCache(dns, net, name)]))
const sts = ({ name }: Provider) => caches.get(name) as StsCache
const reports = openReporter(dns, net, (...message) => send(...message))
const openly = openSend({ net, log: mail, sts, session: reports.session })
const send: typeof openly = (provider, body, options) => {
  watch.wrote(body.from, body.to.slice(body.to.lastIndexOf('@') + 1))
  return openly(provider, body, options)
}

const houses = await openHouses(`${STATE}/doors`)
const people = await openPeople(`${STATE}/people`)
const members = openMembers()
const friends = openFriends(send, members)
const deliver = openDelivery(`${STATE}/mail`, people, friends.reached)
setInterval(() => void sweep(`${STATE}/mail`).catch(error => console.error('mailboxes:', error)), 300_000)

const world: World = {
  dns,
  sender(address, from = '') {
    const owned = names.owner(address)
    if (owned) return { name: owned.domain, strict: owned.strict }
    const place = inhabitants.get(address)
    if (place === undefined) return { name: address, strict: true }
    // What a gateway brings is judged as its user's own mail would be.
    const domain = from.slice(from.lastIndexOf('@') + 1).toLowerCase()
    if (place === 'relais') return { name: 'relais.test', strict: names.strictness(domain) ?? true }
    // Providers know each other; of all others, spammers above all, they ask everything.
    return { name: domainAt(place), strict: !providerDomains.has(domainAt(place)) }
  },
  log: mail,
  deliver,
  judged: reports.judged,
  witness: watch.witness,
}
const relay = await openRelay(STATE, net, mail, providerDomains)

/** What a domain has beside its names, from its registration on. */
async function came(domain: string, { relay: password, listed = {} }: RegisterBody, created: boolean) {
  if (password !== undefined) await relay.accounts.put(domain, password)
  if (created) for (const [address, cause] of Object.entries(listed)) await watch.list.list(address, cause)
}
async function freed(domain: string, forGood: boolean) {
  phishing.forget(domain)
  for (const provider of providers) countersOf(provider).forget(domain)
  for (const cache of caches.values()) cache.forget(domain)
  if (!forGood) return
  reports.forget(domain)
  const participant = domain.replace(/\.test$/, '')
  await removePerson(`${STATE}/mail`, people, participant)
  await houses.remove(participant)
  await relay.remove(domain)
  await watch.list.forget(domain)
}

const routes: Route[] = [
  ...registrar(
    names,
    new Set([
      ...RESERVED,
      IMPOSTOR,
      ...providerDomains,
      ...inhabitantZones.map(({ origin }) => origin.slice(0, -1)),
    ]),
    net,
    came,
    freed,
  ),
  ...authorityRoutes,
  ...attackRoutes(attacks),
  phishing.route,
  ...blocklistRoutes(watch.list, watch.requests),
  {
    method: 'PUT',
    path: '/doors/:participant',
    async answer({ parameters, body }) {
      const participant = parse(PersonName, parameters.participant, 'participant')
      const doors = parse(doorsSchema(net), body, 'body')
      await houses.put(participant, doors)
      return doors
    },
  },
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
      return send(provider, parse(SendSchema, call.body, 'body'))
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
    path: '/providers/:provider/deliveries',
    async answer(call) {
      const { store } = providerOf(call)
      return store.deliveries(parse(DeliveriesQuery, call.query, 'query'))
    },
  },
  ...mailRoutes(mail),
  {
    method: 'GET',
    path: '/health',
    async answer() {
      const state = await health(
        names.ready,
        Object.fromEntries(
          [...providers.map(({ name }) => name), 'impostor' as const].map(name => [name, net.at(name).ipv4]),
        ),
        net.at('grosmail').ipv4,
        [
          ...providers
            .filter(({ promises }) => promises)
            .map(({ name, domain }) => ({ domain, address: net.at(name).ipv4 })),
          { domain: IMPOSTOR, address: net.at('impostor').ipv4 },
        ],
        net,
        net.at('relais').ipv4,
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
  const certificate = await certificateOf(provider.host)
  await openMx(provider, net.at(provider.name), store, certificate, world, { counters: countersOf(provider) })
  if (provider.promises) await servePolicy(provider, net.at(provider.name))
}
await openRegistrarApi(names, net.at('names'), await certificateOf(REGISTRAR_API))
const impostor = await openImpostor(net, address => world.sender(address).name, mail)
routes.push(...tlsRoutes({ providers, dns, net, sts, impostor, reports }))
await openControl(CONTROL_SOCKET, routes)
