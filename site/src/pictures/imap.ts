import type { Outcome, Scene, State } from './types.ts'

/** Reading one's mail from home and from elsewhere. */
export const imap: Scene = {
  id: 'imap',
  title: { en: 'Fetching one’s mail (IMAP)', fr: 'Relever son courrier (IMAP)' },
  description: {
    en: 'A router separates the internet from your local network, where the server is. You ask for your mail from home, inside the network, or from elsewhere, through the router.',
    fr: 'Une box sépare internet de votre réseau local, où se trouve le serveur. Vous relevez votre courrier de chez vous, dans le réseau, ou d’ailleurs, à travers la box.',
  },
  height: 250,
  network: [182, 6, 292, 238],
  places: [
    {
      id: 'away',
      at: [6, 44],
      size: [104, 52],
      label: { en: 'you,', fr: 'vous,' },
      note: { en: 'elsewhere', fr: 'ailleurs' },
    },
    { id: 'router', at: [150, 40], size: [64, 60], look: 'gate', label: { en: 'router', fr: 'box' } },
    {
      id: 'server',
      at: [330, 40],
      size: [132, 60],
      look: 'server',
      label: { en: 'your server', fr: 'votre serveur' },
      note: { en: 'Dovecot', fr: 'Dovecot' },
    },
    {
      id: 'home',
      at: [330, 178],
      size: [132, 52],
      label: { en: 'you,', fr: 'vous,' },
      note: { en: 'at home', fr: 'à la maison' },
    },
  ],
  legs: [
    { id: 'outside', from: [110, 70], to: [150, 70], word: [130, 34] },
    { id: 'through', from: [214, 70], to: [330, 70], word: [272, 60], rest: [348, 102] },
    { id: 'inside', from: [396, 178], to: [396, 100], word: [384, 144], align: 'end', rest: [440, 102] },
  ],
  switches: [
    {
      id: 'where',
      kind: 'choice',
      label: { en: 'You are', fr: 'Vous êtes' },
      initial: 'away',
      options: [
        { id: 'home', label: { en: 'at home', fr: 'à la maison' } },
        { id: 'away', label: { en: 'elsewhere', fr: 'ailleurs' } },
      ],
    },
    {
      id: 'door',
      kind: 'choice',
      label: { en: 'Your mail program uses', fr: 'Votre logiciel utilise' },
      initial: 'tls',
      options: [
        { id: 'clear', label: { en: '143, in clear', fr: '143, en clair' } },
        { id: 'starttls', label: { en: '143, STARTTLS', fr: '143, STARTTLS' } },
        { id: 'tls', label: { en: '993, TLS', fr: '993, TLS' } },
      ],
    },
    {
      id: 'redirect143',
      kind: 'toggle',
      initial: false,
      label: { en: 'The router redirects 143', fr: 'La box redirige le 143' },
    },
    {
      id: 'redirect993',
      kind: 'toggle',
      initial: false,
      label: { en: 'The router redirects 993', fr: 'La box redirige le 993' },
    },
    {
      id: 'password',
      kind: 'toggle',
      initial: true,
      label: { en: 'The password is right', fr: 'Le mot de passe est bon' },
    },
    {
      id: 'strict',
      kind: 'toggle',
      initial: true,
      label: {
        en: 'The server refuses passwords in clear',
        fr: 'Le serveur refuse les mots de passe en clair',
      },
    },
  ],
  decide(state: State): Outcome {
    const away = state.where === 'away'
    const port = state.door === 'tls' ? 993 : 143
    const how = state.door === 'clear' ? ('clear' as const) : ('tls' as const)
    if (away && state[`redirect${port}`] !== 'on')
      return {
        good: false,
        route: [{ leg: 'outside', how: 'shut' }],
        reply: `connect to mail.you.test port ${port} (tcp) failed: Connection timed out`,
        says: {
          en: `The router knows nobody to hand port ${port} on to: nobody answers. Nothing is wrong with the server, and it has noticed nothing: its log is empty.`,
          fr: `La box ne sait à qui passer le port ${port} : personne ne répond. Le serveur n’y est pour rien et n’a rien vu : son journal est vide.`,
        },
      }
    const last = away ? 'through' : 'inside'
    const begin = away ? [{ leg: 'outside', how }] : []
    const refused = [...begin, { leg: last, how: 'shut' as const }]
    if (how === 'clear' && state.strict === 'on')
      return {
        good: false,
        route: refused,
        reply:
          'a NO [PRIVACYREQUIRED] Cleartext authentication disallowed on non-secure (SSL/TLS) connections.',
        says: {
          en: 'You reach the server, and it won’t hear a password that others can hear. Too late for this one, which has crossed the network; but your program will be set right.',
          fr: 'Vous atteignez le serveur, mais il ne veut pas d’un mot de passe que d’autres peuvent entendre. Celui-ci a déjà traversé le réseau ; au moins, vous allez corriger le réglage.',
        },
      }
    if (state.password !== 'on')
      return {
        good: false,
        route: refused,
        reply: 'a NO [AUTHENTICATIONFAILED] Authentication failed.',
        says: {
          en: 'The way is free, the key is wrong. The server doesn’t say whether the name or the password is at fault, so as not to help those who guess.',
          fr: 'La voie est libre, la clef n’est pas la bonne. Le serveur ne dit pas si c’est le nom ou le mot de passe, pour ne pas aider qui devine.',
        },
      }
    const route = [...begin, { leg: last, how }]
    if (how === 'clear')
      return {
        good: false,
        route,
        reply: 'a OK [CAPABILITY IMAP4rev1 …] Logged in',
        says: away
          ? {
              en: 'It works, and that is the trap: password and mail can be read in every network between you and your server.',
              fr: 'Ça marche, et c’est bien le piège : mot de passe et courrier sont lisibles dans chaque réseau entre vous et votre serveur.',
            }
          : {
              en: 'It works; but whoever shares your network, a visitor on the Wi-Fi for instance, can read password and mail.',
              fr: 'Ça marche ; mais qui partage votre réseau, une visite sur le Wi-Fi par exemple, peut lire mot de passe et courrier.',
            },
      }
    return {
      good: true,
      route,
      reply: 'a OK [CAPABILITY IMAP4rev1 …] Logged in',
      says: away
        ? {
            en: `Port ${port} is redirected to the server, the connection is encrypted, the password is right: here is your mail.`,
            fr: `Le port ${port} est redirigé vers le serveur, la connexion est chiffrée, le mot de passe est bon : voici votre courrier.`,
          }
        : {
            en: 'At home you don’t pass the router: no redirection is needed. That is why «it works at home» proves nothing.',
            fr: 'À la maison, on ne passe pas par la box : nul besoin de redirection. Voilà pourquoi « chez moi, ça marche » ne prouve rien.',
          },
    }
  },
}
