import type { Text } from '../../../checker/step.ts'
import type { Outcome, Scene, State } from './types.ts'

const WIRES: { id: string; name: Text }[] = [
  { id: 'submit', name: { en: 'between you and your server', fr: 'entre vous et votre serveur' } },
  { id: 'relay', name: { en: 'between the two servers', fr: 'entre les deux serveurs' } },
  {
    id: 'fetch',
    name: { en: 'between your friend and their server', fr: 'entre votre ami·e et son serveur' },
  },
]

/** Where the text of a message is encrypted on its way, and where it lies open. */
export const tls: Scene = {
  id: 'tls',
  title: { en: 'Who can read it on the way?', fr: 'Qui peut le lire en route ?' },
  description: {
    en: 'A message goes from you to your server, from there to the server of your friend, who fetches it. Each of the three ways can be encrypted or not, and so can the message itself.',
    fr: 'Un message va de vous à votre serveur, de là au serveur de votre ami·e, qui le relève. Chacun des trois trajets peut être chiffré ou non, et le message lui-même aussi.',
  },
  height: 250,
  places: [
    {
      id: 'server',
      at: [50, 30],
      size: [136, 60],
      look: 'server',
      label: { en: 'your server', fr: 'votre serveur' },
    },
    {
      id: 'other',
      at: [294, 30],
      size: [136, 60],
      look: 'server',
      label: { en: 'their server', fr: 'son serveur' },
    },
    { id: 'you', at: [50, 186], size: [136, 52], label: { en: 'you', fr: 'vous' } },
    { id: 'friend', at: [294, 186], size: [136, 52], label: { en: 'your friend', fr: 'votre ami·e' } },
  ],
  legs: [
    { id: 'submit', from: [118, 186], to: [118, 90], word: [134, 144], align: 'start' },
    { id: 'relay', from: [186, 60], to: [294, 60], word: [240, 46] },
    { id: 'fetch', from: [362, 90], to: [362, 186], word: [378, 144], align: 'start', rest: [410, 188] },
  ],
  switches: [
    {
      id: 'submit',
      kind: 'toggle',
      initial: true,
      label: { en: 'TLS between you and your server', fr: 'TLS entre vous et votre serveur' },
    },
    {
      id: 'relay',
      kind: 'toggle',
      initial: false,
      label: { en: 'TLS between the servers', fr: 'TLS entre les serveurs' },
    },
    {
      id: 'fetch',
      kind: 'toggle',
      initial: true,
      label: { en: 'TLS between your friend and their server', fr: 'TLS entre votre ami·e et son serveur' },
    },
    {
      id: 'sealed',
      kind: 'toggle',
      initial: false,
      label: {
        en: 'The message itself is encrypted (OpenPGP)',
        fr: 'Le message lui-même est chiffré (OpenPGP)',
      },
    },
  ],
  decide(state: State): Outcome {
    const open = WIRES.filter(({ id }) => state[id] !== 'on')
    const route = WIRES.map(({ id }) => ({
      leg: id,
      how: state[id] === 'on' ? ('tls' as const) : ('clear' as const),
    }))
    if (state.sealed === 'on')
      return {
        good: true,
        route,
        reply: '-----BEGIN PGP MESSAGE-----',
        readers: ['you', 'friend'],
        says: {
          en: 'Only you two can read the text, however it travels and wherever it lies. Who writes to whom, when, and usually the subject, stays visible all along.',
          fr: 'Vous deux seuls pouvez lire le texte, comment qu’il voyage et où qu’il repose. Qui écrit à qui, quand, et d’ordinaire l’objet, restent visibles tout du long.',
        },
      }
    const readers = ['you', 'server', 'other', 'friend']
    if (open.length === 0)
      return {
        good: true,
        route,
        reply: 'Received: … with ESMTPS (TLS1.3)',
        readers,
        says: {
          en: 'Nobody reads it on the wire. On both servers it lies open: TLS protects the way, not the letter.',
          fr: 'Personne ne le lit sur le fil. Sur les deux serveurs, il repose en clair : TLS protège le trajet, pas la lettre.',
        },
      }
    const list = (lang: 'en' | 'fr') => open.map(({ name }) => name[lang]).join(', ')
    return {
      good: false,
      route,
      reply: state.relay === 'on' ? 'Received: … with ESMTPS (TLS1.3)' : 'Received: … with ESMTP',
      readers,
      says: {
        en: `Whoever carries the packets ${list('en')} can read the message, and so can both servers.`,
        fr: `Qui transporte les paquets ${list('fr')} peut lire le message, et les deux serveurs aussi.`,
      },
    }
  },
}
