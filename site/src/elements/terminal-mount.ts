/** Fetches the terminal (xterm.js is large) the first time that an open lab needs it, and hands text over to it. */
import type { MachineName } from '../../protocol.ts'
import { lang } from './page.ts'

/** What this page asks of <lab-terminal>. */
export interface TerminalElement extends HTMLElement {
  /** Writes into the machine's terminal as if typed, opening one if there is none. `run` also presses Enter. */
  type(text: string, options: { machine: MachineName; run?: boolean }): void | Promise<void>
  /** The machines are others than before. */
  renew(): void
}

// The folder's file may be missing in a build made before the terminal is: the page then says so in words.
const modules = import.meta.glob<unknown>('./lab-terminal.ts')

let mounting: Promise<TerminalElement> | undefined
const ready = Promise.withResolvers<TerminalElement>()

const isTerminal = (node: Element): node is TerminalElement => 'type' in node

/** Puts the terminals into their place, once. Rejects when the browser cannot fetch them; then it may be asked again. */
export function mountTerminal(place: Element): Promise<TerminalElement> {
  mounting ??= mount(place).catch(error => {
    mounting = undefined
    throw error
  })
  mounting.then(ready.resolve, () => {})
  return mounting
}

/** The terminals, as soon as the lab is open and they are in the page. */
export const terminal: Promise<TerminalElement> = ready.promise

async function mount(place: Element): Promise<TerminalElement> {
  const load = modules['./lab-terminal.ts']
  if (!load) throw new Error('this build of the page has no terminal')
  await load()
  const node = document.createElement('lab-terminal')
  node.setAttribute('lang', lang)
  node.setAttribute('machines', place.getAttribute('data-machines') ?? 'server desk')
  if (!isTerminal(node)) throw new Error('<lab-terminal> was not defined')
  place.replaceChildren(node)
  return node
}
