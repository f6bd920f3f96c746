/** What a reader sees or hears of the terminals. Each text stands in both languages, or it is a type error. */
import type { Lang, MachineName } from '../../../protocol.ts'

const en = {
  machine: { server: 'Server', desk: 'Desk' } satisfies Record<MachineName, string>,
  tab: (machine: string, n: number) => (n === 1 ? machine : `${machine} ${n}`),
  tabs: 'Terminals',
  more: { server: 'Another server terminal', desk: 'Another desk terminal' } satisfies Record<
    MachineName,
    string
  >,
  closeTab: (name: string) => `Close «${name}»`,
  closed: (name: string) => `«${name}» and all that ran in it were closed.`,
  reopen: 'Open again',
  region: (name: string) => `Terminal: ${name}. Ctrl+Shift+Escape or Ctrl+F6 leaves it.`,
  leave: 'Ctrl+Shift+Esc or Ctrl+F6 leaves the terminal',
  skip: 'Skip the terminal',
  smaller: 'Smaller text',
  larger: 'Larger text',
  reader: 'Screen reader mode',
  readerOn: 'Screen reader mode is on: output is read aloud.',
  readerOff: 'Screen reader mode is off.',
  connecting: 'Connecting…',
  lost: 'The connection is lost. Your shell goes on; what you type is kept and sent when it is back.',
  again: (seconds: number) => `Next try in ${seconds} s.`,
  now: 'Try now',
  back: 'Connected again.',
  ended: (code: number) => (code === 0 ? 'The shell has ended.' : `The shell has ended with code ${code}.`),
  next: 'Start another',
  tooMuch: 'Too much input is waiting: the program does not read it. What came last was left out.',
  failed: 'The terminal could not be loaded. Check your connection and try again.',
  fresh: {
    'machine-restarted':
      'The machine was started again, or is another one: this is a new shell. Programs that ran in the old one are gone.',
    'shell-ended': 'The shell that was here has ended: this is a new one.',
    'replay-gap': 'Some output from while you were away was too long to keep.',
  },
} as const

type Words = {
  readonly [K in keyof typeof en]: (typeof en)[K] extends string
    ? string
    : (typeof en)[K] extends (...args: infer A) => string
      ? (...args: A) => string
      : { readonly [L in keyof (typeof en)[K]]: string }
}

const fr: Words = {
  machine: { server: 'Serveur', desk: 'Bureau' },
  tab: (machine, n) => (n === 1 ? machine : `${machine} ${n}`),
  tabs: 'Terminaux',
  more: { server: 'Un autre terminal sur le serveur', desk: 'Un autre terminal sur le bureau' },
  closeTab: name => `Fermer « ${name} »`,
  closed: name => `« ${name} » et tout ce qui y tournait ont été fermés.`,
  reopen: 'Rouvrir',
  region: name => `Terminal : ${name}. Ctrl+Maj+Échap ou Ctrl+F6 pour en sortir.`,
  leave: 'Ctrl+Maj+Échap ou Ctrl+F6 pour sortir du terminal',
  skip: 'Passer le terminal',
  smaller: 'Texte plus petit',
  larger: 'Texte plus grand',
  reader: 'Mode lecteur d’écran',
  readerOn: 'Mode lecteur d’écran activé : ce qui s’affiche est lu.',
  readerOff: 'Mode lecteur d’écran désactivé.',
  connecting: 'Connexion…',
  lost: 'La connexion est perdue. Votre shell continue ; ce que vous tapez est gardé et partira à son retour.',
  again: seconds => `Prochain essai dans ${seconds} s.`,
  now: 'Essayer maintenant',
  back: 'Connexion rétablie.',
  ended: code => (code === 0 ? 'Le shell est terminé.' : `Le shell s’est terminé avec le code ${code}.`),
  next: 'En lancer un autre',
  tooMuch: 'Trop de saisie en attente : le programme ne la lit pas. La fin n’a pas été gardée.',
  failed: 'Le terminal n’a pas pu être chargé. Vérifiez votre connexion et réessayez.',
  fresh: {
    'machine-restarted':
      'La machine a redémarré, ou c’en est une autre : voici un nouveau shell. Les programmes qui tournaient dans l’ancien n’y sont plus.',
    'shell-ended': 'Le shell qui était ici est terminé : en voici un nouveau.',
    'replay-gap': 'Une partie de ce qui s’est affiché en votre absence était trop longue pour être gardée.',
  },
}

const words: Record<Lang, Words> = { en, fr }

export type TerminalWords = Words

/** In the language of the page. */
export const terminalWords = (lang: string): TerminalWords => words[lang === 'fr' ? 'fr' : 'en']
