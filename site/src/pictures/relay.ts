import type { Outcome, Scene, State } from './types.ts'

/** Who may hand the server a message for whom: open, for its network, for those who log in. */
export const relay: Scene = {
  id: 'relay',
  title: { en: 'Who may send through your server?', fr: 'Qui peut envoyer par votre serveur ?' },
  description: {
    en: 'Your server stands in your local network with a member at home and sasha’s mailbox. Outside are a member on the move, a stranger, and the server of grosmail.test.',
    fr: 'Votre serveur est dans votre réseau local, avec une personne à la maison et la boîte de sasha. Dehors : une personne en déplacement, quelqu’un d’inconnu, et le serveur de grosmail.test.',
  },
  height: 270,
  network: [136, 6, 204, 258],
  places: [
    {
      id: 'stranger',
      at: [6, 40],
      size: [98, 52],
      look: 'stranger',
      label: { en: 'a stranger', fr: 'inconnu·e' },
    },
    {
      id: 'away',
      at: [6, 140],
      size: [98, 52],
      label: { en: 'a member,', fr: 'membre,' },
      note: { en: 'elsewhere', fr: 'ailleurs' },
    },
    {
      id: 'server',
      at: [170, 62],
      size: [136, 60],
      look: 'server',
      label: { en: 'your server', fr: 'votre serveur' },
      note: { en: 'Postfix', fr: 'Postfix' },
    },
    {
      id: 'home',
      at: [146, 200],
      size: [88, 52],
      label: { en: 'a member,', fr: 'membre,' },
      note: { en: 'at home', fr: 'à la maison' },
    },
    {
      id: 'mailbox',
      at: [246, 200],
      size: [84, 52],
      label: { en: 'mailbox', fr: 'boîte' },
      note: { en: 'of sasha', fr: 'de sasha' },
    },
    {
      id: 'grosmail',
      at: [372, 62],
      size: [102, 60],
      look: 'server',
      label: { en: 'grosmail.test', fr: 'grosmail.test' },
      note: { en: 'a server', fr: 'un serveur' },
    },
  ],
  legs: [
    { id: 'stranger', from: [104, 66], to: [170, 82], word: [120, 58], align: 'start' },
    { id: 'away', from: [104, 166], to: [170, 108], word: [118, 180], align: 'start' },
    { id: 'home', from: [190, 200], to: [210, 122], word: [190, 166], align: 'end' },
    { id: 'mailbox', from: [262, 122], to: [286, 200], word: [286, 166], align: 'start', rest: [314, 200] },
    { id: 'grosmail', from: [306, 92], to: [372, 92], word: [339, 56], rest: [394, 124] },
  ],
  switches: [
    {
      id: 'who',
      kind: 'choice',
      label: { en: 'The sender is', fr: 'Qui envoie' },
      initial: 'stranger',
      options: [
        { id: 'home', label: { en: 'a member at home', fr: 'membre, à la maison' } },
        { id: 'away', label: { en: 'a member elsewhere', fr: 'membre, ailleurs' } },
        { id: 'stranger', label: { en: 'a stranger', fr: 'quelqu’un d’inconnu' } },
        { id: 'infected', label: { en: 'an infected PC at home', fr: 'un PC infecté, à la maison' } },
      ],
    },
    {
      id: 'to',
      kind: 'choice',
      label: { en: 'The message is for', fr: 'Le message est pour' },
      initial: 'elsewhere',
      options: [
        { id: 'here', label: { en: 'sasha@you.test', fr: 'sasha@you.test' } },
        { id: 'elsewhere', label: { en: 'friend@grosmail.test', fr: 'friend@grosmail.test' } },
      ],
    },
    {
      id: 'policy',
      kind: 'choice',
      label: { en: 'Your server passes mail on', fr: 'Votre serveur transmet' },
      initial: 'open',
      options: [
        { id: 'open', label: { en: 'for everybody (open)', fr: 'pour tout le monde (ouvert)' } },
        {
          id: 'network',
          label: { en: 'for its own network (restricted)', fr: 'pour son réseau (restreint)' },
        },
        {
          id: 'login',
          label: { en: 'for those who log in (authenticated)', fr: 'pour qui s’identifie (authentifié)' },
        },
      ],
    },
    {
      id: 'password',
      kind: 'toggle',
      initial: false,
      label: {
        en: 'With the password of an account',
        fr: 'Avec le mot de passe d’un compte',
      },
    },
  ],
  decide(state: State): Outcome {
    const who = state.who ?? 'stranger'
    const infected = who === 'infected'
    const stranger = who === 'stranger' || infected
    const leg = infected ? 'home' : who
    const login = state.password === 'on'
    // A member who logs in does so under TLS; strangers speak as they like, mostly in clear.
    const how = login ? ('tls' as const) : ('clear' as const)
    const accepted = '250 2.0.0 Ok: queued as 4dXk7P1Jz2z1y'
    if (state.to === 'here')
      return {
        good: true,
        route: [
          { leg, how },
          { leg: 'mailbox', how: 'clear' },
        ],
        reply: accepted,
        says: {
          en: 'For its own people a server takes mail from anybody, without a password: how else would the world write to them?',
          fr: 'Pour les siens, un serveur prend le courrier de tout le monde, sans mot de passe : comment le monde leur écrirait-il, sinon ?',
        },
      }
    const allowed =
      state.policy === 'open' ||
      (state.policy === 'network' && leg === 'home') ||
      (state.policy === 'login' && login)
    if (!allowed)
      return {
        good: stranger,
        route: [{ leg, how: 'shut' }],
        reply: '554 5.7.1 <friend@grosmail.test>: Relay access denied',
        says: stranger
          ? {
              en: 'Refused, and rightly so: the message is neither for your people nor from them.',
              fr: 'Refusé, et c’est bien ainsi : le message n’est ni pour les vôtres, ni des vôtres.',
            }
          : state.policy === 'network'
            ? {
                en: 'The server knows its network only: on the move, a member is a stranger. That is why there are passwords.',
                fr: 'Le serveur ne connaît que son réseau : en déplacement, on y est inconnu·e. D’où les mots de passe.',
              }
            : {
                en: 'Without a password, the server can’t tell a member from a spammer. The mail program must be told to log in.',
                fr: 'Sans mot de passe, le serveur ne distingue pas membre et spammeur. Il faut régler le logiciel pour qu’il s’identifie.',
              },
      }
    const route = [
      { leg, how },
      { leg: 'grosmail', how: 'clear' as const },
    ]
    if (stranger)
      return {
        good: false,
        route,
        reply: accepted,
        says:
          state.policy === 'open'
            ? {
                en: 'An open relay: within hours spammers find it, and send to the whole world in your name. Then nobody takes your mail any more.',
                fr: 'Un relais ouvert : en quelques heures, des spammeurs le trouvent et écrivent au monde entier en votre nom. Puis plus personne ne prend votre courrier.',
              }
            : state.policy === 'network'
              ? {
                  en: 'Spam from within: to the server, an infected PC at home is a member like any other. Whoever trusts a network trusts every machine in it.',
                  fr: 'Du spam venu du dedans : pour le serveur, un PC infecté à la maison est membre comme un autre. Qui croit un réseau croit chaque machine qui s’y trouve.',
                }
              : {
                  en: 'A stolen password: to the server this is a member. It happens to careful people too; the log says whose account it was.',
                  fr: 'Un mot de passe volé : pour le serveur, c’est une personne de chez vous. Cela arrive aux gens prudents aussi ; le journal dit quel compte.',
                },
      }
    if (state.policy === 'open')
      return {
        good: false,
        route,
        reply: accepted,
        says: {
          en: 'It works for you, as it does for everybody else in the world. Look what a stranger can do.',
          fr: 'Ça marche pour vous, comme pour le reste du monde. Regardez ce que peut faire quelqu’un d’inconnu.',
        },
      }
    return {
      good: true,
      route,
      reply: accepted,
      says: login
        ? {
            en: 'Name and password, under TLS: it works from anywhere, and only for your people. This is what step 5 builds, on ports 587 and 465.',
            fr: 'Nom et mot de passe, sous TLS : ça marche de partout, et seulement pour les vôtres. C’est ce que monte l’étape 5, sur les ports 587 et 465.',
          }
        : {
            en: 'The server believes its own network. That will do at home, as long as every machine there can be trusted.',
            fr: 'Le serveur croit son propre réseau. À la maison, cela suffit, tant que chaque machine y est digne de confiance.',
          },
    }
  },
}
