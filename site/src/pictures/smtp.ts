import type { Outcome, Scene, State } from './types.ts'

const HOST = 'mail.you.test[198.18.0.16]'

const THEIRS = 'mx.grosmail.test[198.18.0.4]'

/** A message between two servers, in or out: port 25, the only one on which they call each other. */
export const smtp: Scene = {
  id: 'smtp',
  title: { en: 'From server to server (SMTP)', fr: 'De serveur à serveur (SMTP)' },
  description: {
    en: 'The server of grosmail.test brings a message to your server, or yours one to it: through your internet provider and your router, which separates the internet from your local network.',
    fr: 'Le serveur de grosmail.test apporte un message au vôtre, ou le vôtre au sien : à travers votre fournisseur d’accès et votre box, qui sépare internet de votre réseau local.',
  },
  height: 170,
  network: [306, 6, 168, 158],
  places: [
    {
      id: 'other',
      at: [6, 52],
      size: [104, 60],
      look: 'server',
      label: { en: 'grosmail.test', fr: 'grosmail.test' },
      note: { en: 'a server', fr: 'un serveur' },
    },
    { id: 'isp', at: [150, 52], size: [76, 60], look: 'gate', label: { en: 'your ISP', fr: 'votre FAI' } },
    { id: 'router', at: [274, 52], size: [64, 60], look: 'gate', label: { en: 'router', fr: 'box' } },
    {
      id: 'server',
      at: [370, 52],
      size: [98, 60],
      look: 'server',
      label: { en: 'your server', fr: 'votre serveur' },
      note: { en: 'Postfix', fr: 'Postfix' },
    },
  ],
  legs: [
    { id: 'to-isp', from: [110, 72], to: [150, 72], word: [130, 46] },
    { id: 'to-router', from: [226, 72], to: [274, 72], word: [250, 46] },
    { id: 'to-server', from: [338, 72], to: [370, 72], word: [354, 46], rest: [392, 114] },
    { id: 'out-router', from: [370, 94], to: [338, 94], word: [354, 130] },
    { id: 'out-isp', from: [274, 94], to: [226, 94], word: [250, 130] },
    { id: 'out-other', from: [150, 94], to: [110, 94], word: [130, 130], rest: [88, 114] },
  ],
  switches: [
    {
      id: 'way',
      kind: 'choice',
      label: { en: 'The message', fr: 'Le message' },
      initial: 'in',
      options: [
        { id: 'in', label: { en: 'comes to you', fr: 'vient chez vous' } },
        { id: 'out', label: { en: 'leaves you', fr: 'part de chez vous' } },
      ],
    },
    {
      id: 'isp',
      kind: 'toggle',
      initial: true,
      label: { en: 'Your ISP leaves port 25 open', fr: 'Votre FAI laisse le port 25 ouvert' },
    },
    {
      id: 'redirect',
      kind: 'toggle',
      initial: false,
      label: { en: 'The router redirects 25', fr: 'La box redirige le 25' },
    },
    {
      id: 'listens',
      kind: 'toggle',
      initial: true,
      label: { en: 'Postfix listens to the outside', fr: 'Postfix écoute le dehors' },
    },
    {
      id: 'tls',
      kind: 'toggle',
      initial: true,
      label: { en: 'Your server knows STARTTLS', fr: 'Votre serveur connaît STARTTLS' },
    },
    {
      id: 'insists',
      kind: 'toggle',
      initial: false,
      label: { en: 'grosmail.test insists on TLS', fr: 'grosmail.test exige TLS' },
    },
  ],
  decide(state: State): Outcome {
    if (state.way === 'out') return leaving(state)
    const how = state.tls === 'on' ? ('tls' as const) : ('clear' as const)
    const ways = ['to-isp', 'to-router', 'to-server']
    const until = (shut: string) => {
      const stop = ways.indexOf(shut)
      return ways.slice(0, stop + 1).map((leg, i) => ({ leg, how: i === stop ? ('shut' as const) : how }))
    }
    const deferred = {
      en: 'The message isn’t lost: the other server keeps it and tries again, for some days.',
      fr: 'Le message n’est pas perdu : l’autre serveur le garde et réessaie, quelques jours durant.',
    }
    if (state.isp !== 'on')
      return {
        good: false,
        route: until('to-isp'),
        reply: `connect to ${HOST}:25: Connection timed out`,
        says: {
          en: `Your internet provider drops what comes for port 25, and no setting of yours changes that. ${deferred.en}`,
          fr: `Votre fournisseur d’accès jette ce qui vient pour le port 25, et aucun de vos réglages n’y peut rien. ${deferred.fr}`,
        },
      }
    if (state.redirect !== 'on')
      return {
        good: false,
        route: until('to-router'),
        reply: `connect to ${HOST}:25: Connection timed out`,
        says: {
          en: `The router has your public address, but doesn’t know that port 25 is meant for the server. ${deferred.en}`,
          fr: `La box porte votre adresse publique, mais ne sait pas que le port 25 est pour le serveur. ${deferred.fr}`,
        },
      }
    if (state.listens !== 'on')
      return {
        good: false,
        route: until('to-server'),
        reply: `connect to ${HOST}:25: Connection refused`,
        says: {
          en: `«Refused» is good news: the machine is reached, only no program listens at this door. ${deferred.en}`,
          fr: `« Refused », bonne nouvelle : la machine est atteinte, seulement aucun programme n’écoute à cette porte. ${deferred.fr}`,
        },
      }
    if (how === 'clear' && state.insists === 'on')
      return {
        good: false,
        route: until('to-server'),
        reply: `TLS is required, but was not offered by host ${HOST}`,
        says: {
          en: `They talk, but the other server won’t hand anything over in clear. ${deferred.en}`,
          fr: `Ils se parlent, mais l’autre serveur ne veut rien remettre en clair. ${deferred.fr}`,
        },
      }
    const route = ways.map(leg => ({ leg, how }))
    const reply = '250 2.0.0 Ok: queued as 4dXk7P1Jz2z1y'
    return how === 'tls'
      ? {
          good: true,
          route,
          reply,
          says: {
            en: 'The message arrives, encrypted on its way. Port 25 begins in clear; STARTTLS turns the same connection into an encrypted one.',
            fr: 'Le message arrive, chiffré en chemin. Le port 25 commence en clair ; STARTTLS chiffre la même connexion.',
          },
        }
      : {
          good: true,
          route,
          reply,
          says: {
            en: 'The message arrives, in clear: most servers prefer that to not delivering. Whoever carries the packets can read it.',
            fr: 'Le message arrive, en clair : la plupart des serveurs préfèrent cela à ne pas livrer. Qui transporte les paquets peut le lire.',
          },
        }
  },
}

/** Out of the local network: the router lets pass whatever was begun inside. */
function leaving(state: State): Outcome {
  const how = state.tls === 'on' ? ('tls' as const) : ('clear' as const)
  if (state.isp !== 'on')
    return {
      good: false,
      route: [
        { leg: 'out-router', how },
        { leg: 'out-isp', how: 'shut' },
      ],
      reply: `connect to ${THEIRS}:25: Connection timed out`,
      says: {
        en: 'Your provider lets nobody call a port 25 outside, because of infected PCs. Your mail waits in your queue, status=deferred: ask them to open it, or hand your mail to another server that may send.',
        fr: 'Votre fournisseur ne laisse personne appeler un port 25 au-dehors, à cause des PC infectés. Votre courrier attend dans votre file, status=deferred : faites-le ouvrir, ou remettez votre courrier à un autre serveur qui, lui, peut envoyer.',
      },
    }
  if (how === 'clear' && state.insists === 'on')
    return {
      good: false,
      route: [
        { leg: 'out-router', how },
        { leg: 'out-isp', how },
        { leg: 'out-other', how: 'shut' },
      ],
      reply: '530 5.7.0 Must issue a STARTTLS command first',
      says: {
        en: 'The other server takes nothing in clear, and says so with a 5: the message comes back to its sender.',
        fr: 'L’autre serveur ne prend rien en clair, et le dit par un 5 : le message revient à qui l’a envoyé.',
      },
    }
  return {
    good: true,
    route: ['out-router', 'out-isp', 'out-other'].map(leg => ({ leg, how })),
    reply: '250 2.0.0 OK: 8d934429',
    says: {
      en: 'Going out needs no redirection: the router lets pass what was begun inside, and knows to whom the answer belongs. Here, your server is the one that calls.',
      fr: 'Pour sortir, nul besoin de redirection : la box laisse passer ce qui a commencé dedans, et sait à qui revient la réponse. Ici, c’est votre serveur qui appelle.',
    },
  }
}
