/** The shapes that `containers/lab.ts` gives outward; nothing here knows of an engine's library. */
import type { Duplex } from 'node:stream'
import type {
  DomainNames,
  DoorsBody,
  MailEvent,
  NameChange,
  PlacedMessage,
  RegisterBody,
} from './internet/api.ts'
import type { Place } from './internet/places.ts'

export type Machine = 'server' | 'desk'

/** One participant's machines, as they are on the engine. */
export interface Lab {
  event: string
  participant: string
  domain: string
  host: string
  seed: string
  /** The step whose starting state was put on the machines. */
  step: string
  address: Record<Machine, { ipv4: string; ipv6: string }>
}

export interface StartFileOnMachine {
  machine: Machine
  path: string
  mode: number
  content: string
}

export interface ExecOptions {
  user?: string
  env?: Record<string, string>
  input?: string | Uint8Array
  /** Default 30,000 ms; the processes are killed at its end. */
  timeoutMs?: number
}

export interface ExecResult {
  code: number
  stdout: string
  stderr: string
}

/** One line of what is happening while something long runs. */
export type Progress = (what: string) => void

/**
 * Why the engine did not do what it was asked, in a form that a page can put into words:
 * `unreachable` nobody answers at the engine's socket; `no-image` an image is missing; `full` no room or
 * memory; `gone` the machine is not there or not running; `slow` no answer in time; `refused` all else.
 */
export class LabError extends Error {
  override readonly name = 'LabError'
  readonly code: 'unreachable' | 'no-image' | 'full' | 'gone' | 'slow' | 'refused'
  /** Where the internet container's control API refused: its HTTP status. */
  readonly status: number | undefined
  constructor(code: LabError['code'], message: string, options?: ErrorOptions & { status?: number }) {
    super(message, options)
    this.code = code
    this.status = options?.status
  }
}

/** Whose lab it is. */
export interface Who {
  event: string
  participant: string
}

/** The step at which a lab begins: its name, and the files that it puts on the machines. */
export interface Start {
  step: string
  files(lab: Lab): StartFileOnMachine[]
  /** The names that the domain has from the beginning; without it, none. */
  names?(lab: Lab): DomainNames & Pick<RegisterBody, 'strict' | 'listed'>
  /** What lies in the participant's mailboxes at the providers when a new lab opens. */
  mail?(lab: Lab): PlacedMessage[]
  /** The stranger's house at which the participant knocks; null for none. */
  doors?(lab: Lab): DoorsBody | null
  /** A snapshot to begin from instead of the fresh server. */
  serverImage?: string
  /** The seed that the snapshot's lab had: what its disk holds, passwords among them, was made from it. */
  seed?: string
}

/** An inhabitant of the lab internet: its place, and where it lives in this event. */
export interface Inhabitant {
  place: Place
  ipv4: string
  ipv6: string
}

/** A lab that is set aside: its machines are stopped, and come back as they were. */
export interface KeptLab extends Lab {
  /** Milliseconds since the epoch; one participant has no two with the same. */
  at: number
}

/** What a domain gets at another step, from what is there and what the step begins with. Null for nothing. */
export type NamesAtAdvance = (there: DomainNames, wanted: DomainNames) => DomainNames | null

export interface Labs {
  /** Makes the event's sealed network and its internet container, or finds them; seals them anew. */
  ensureEvent(event: string, progress?: Progress): Promise<void>
  /** Opens a participant's lab at a step's starting state, or brings an existing one up as it is. */
  open(who: Who, start: Start, progress?: Progress): Promise<Lab>
  /** Closes and opens again with a new seed: everything on the machines is lost. */
  reset(who: Who, start: Start, progress?: Progress): Promise<Lab>
  close(who: Who): Promise<void>
  /** Closes all labs of an event, its internet container and its network. */
  closeEvent(event: string): Promise<void>
  /** What is there now, from the engine's labels. `running` tells whether both machines are up. */
  find(who: Who): Promise<(Lab & { running: boolean }) | null>
  /** Brings up machines that the engine lost, and removes what no participant of `keep` owns. */
  reconcile(event: string, keep: string[]): Promise<void>
  /**
   * Sets a lab aside as it is, both machines and the names of its domain; the participant then has none that is open, and
   * their addresses stay theirs.
   */
  keep(lab: Lab): Promise<KeptLab>
  /** What a participant has set aside, newest first. */
  kept(who: Who): Promise<KeptLab[]>
  /**
   * Opens a lab that was set aside. Refused while another one is there, and where there is none of that time. What the
   * starts of its steps have in the rest of the world (mail, a stranger's house) is put there again.
   */
  restore(who: Who, at: number, progress?: Progress, starts?: readonly Start[]): Promise<Lab>
  /** Removes a lab that was set aside. One that is gone is no error. */
  dropKept(who: Who, at: number): Promise<void>
  /**
   * Puts another step's files and names onto a lab that goes on as it is, with its seed. Names that are there stay as they
   * are, unless `names` says otherwise. The label still names the step with which the lab began.
   */
  advance(lab: Lab, start: Start, names?: NamesAtAdvance): Promise<void>
  /** Keeps the disk of a lab's server as an image; gives its tag. */
  snapshot(lab: Lab): Promise<string>
  dropSnapshot(tag: string): Promise<void>
  /** Runs a command in a machine (argv, no shell). */
  exec(lab: Lab, machine: Machine, argv: string[], options?: ExecOptions): Promise<ExecResult>
  /**
   * Runs a command in a machine that joins us to something there, and gives the duplex of bytes: a connection that the
   * command makes to a socket of ours (path and word are added to `argv`), or its standard input and output.
   */
  attach(lab: Lab, machine: Machine, argv: string[]): Promise<Duplex>
  /**
   * TCP from the internet container of the event to any address of the lab, as a duplex of bytes. Rejects with
   * `refused` and the reason in words where the connection can't be made.
   */
  tunnel(event: string, to: { host: string; port: number }): Promise<Duplex>
  /** A request to the internet container's control socket (containers/internet/api.ts). */
  internet<T>(
    event: string,
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<T>
  /** Called with `up` and `down` as the engine comes and goes. Gives a function that ends the watch. */
  watch(listener: (state: 'up' | 'down') => void): () => void
  /**
   * What happens to mail in the event's internet, event by event: first what is remembered after number `since`, then
   * each as it happens. Comes back by itself after a loss. Gives the function that ends it.
   */
  follow(event: string, since: number, onEvent: (event: MailEvent) => void): () => void
  /**
   * Whose names have changed in the event's internet, as it happens. `onBegin` is called whenever the stream begins, at
   * first and after a loss: what changed before that is not told. Gives the function that ends it.
   */
  followNames(event: string, onBegin: () => void, onChange: (change: NameChange) => void): () => void
  /** The lines of a machine's file: its last `past` ones, then each as it is written. Likewise, until it is ended. */
  tail(lab: Lab, machine: Machine, file: string, past: number, onLine: (line: string) => void): () => void
  /** Who lives in an event, each with its addresses: the participants' labs, and the internet's own inhabitants. */
  inhabitants(event: string): Promise<{ labs: Lab[]; internet: Inhabitant[] }>
}
