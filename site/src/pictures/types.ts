/** Pictures that one can operate: what they show, what can be switched, and what becomes of the envelope. */
import type { Text } from '../../../checker/step.ts'

export type Point = readonly [x: number, y: number]

/** Somebody or something that mail comes from, through or to. Lengths are units of the drawing, 480 wide. */
export interface Place {
  id: string
  at: Point
  size: Point
  label: Text
  note?: Text
  look?: 'server' | 'stranger' | 'gate'
}

/** A way from one place to the next. */
export interface Leg {
  id: string
  from: Point
  to: Point
  /** Where the word stands that says how one travels here. */
  word: Point
  /** Where the envelope comes to rest if its way ends here: not on the place's name. */
  rest?: Point
  align?: 'start' | 'middle' | 'end'
}

export type Switch = { id: string; label: Text } & (
  | { kind: 'toggle'; initial: boolean }
  | { kind: 'choice'; initial: string; options: { id: string; label: Text }[] }
)

/** How the switches stand; `on` and `off` for a toggle. */
export type State = Readonly<Record<string, string>>

export interface Outcome {
  /** Whether that is as it should be: a spammer who is refused is good. */
  good: boolean
  /** The ways that the envelope takes. At the end of one that is `shut` it is stopped. */
  route: { leg: string; how: 'tls' | 'clear' | 'shut' }[]
  /** What the programs say, as one reads it in a log or a dialogue. */
  reply: string
  says: Text
  /** Places where the text of the message lies open. */
  readers?: string[]
}

export interface Scene {
  id: string
  title: Text
  /** What is drawn, for whoever does not see it. */
  description: Text
  /** Height of the drawing. */
  height: number
  /** The local network, as a sheet behind its places: x, y, width, height. */
  network?: readonly [number, number, number, number]
  places: Place[]
  legs: Leg[]
  switches: Switch[]
  decide(state: State): Outcome
}

export const initialState = ({ switches }: Scene): State =>
  Object.fromEntries(
    switches.map(one => [one.id, one.kind === 'toggle' ? (one.initial ? 'on' : 'off') : one.initial]),
  )
