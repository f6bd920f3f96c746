/**
 * What the page and the server say to each other. JSON everywhere but for terminal data.
 *
 * GET  /api/me                  Me
 * GET  /api/inbox               PersonAnswer: one's own mailboxes at the providers
 * GET  /api/inbox/PROVIDER/ID   MailDetail; POST MailChange moves or marks it, DELETE removes it
 * GET  /api/registrar           RegistrarAnswer: the names of one's own domain and addresses
 * POST /api/registrar           DomainEdit with its version, answered with DomainState; 409 with NamesChanged
 * PUT, DELETE /api/registrar/ds gives the registry the domain's DS, or takes it away; DomainState
 * POST /api/registrar/zone      ZoneFile, answered with ZoneRead; nothing is changed
 * WS   /api/registrar           an empty object out whenever the names have changed, by whatever way
 * GET  /api/blocklist           BlocklistAnswer: one's own addresses at the blocklist
 * POST /api/blocklist/ADDRESS/delist   asks for delisting of one's own address; DelistAnswer
 * WS   /api/live?step=ID&lang=en   LiveServer messages out, LiveClient messages in
 * WS   /api/map?view=own|room&lang=en   MapServer messages out, MapClient messages in
 * WS   /api/terminals/MACHINE/N?from=SEQ&shell=ID&writer=ID&cols=80&rows=24&lang=en   see TerminalServer
 */
import type { Lang, MachineName } from '../checker/step.ts'
import type { TaskVerdict } from '../checker/verdict.ts'
import type {
  Authentication,
  BlocklistState,
  DomainState,
  Fate,
  ZoneRecord,
} from '../containers/internet/api.ts'

/**
 * Set by the server on every page, any value, readable by scripts: there is a lab behind this copy of the course.
 * Without it pages are a reading copy and call nothing, for a browser logs each failed call as an error.
 */
export const LAB_COOKIE = 'lab'

/** Milliseconds since the epoch at which a task first held, by step and task. */
export type Progress = Record<string, Record<string, number>>

export interface Me {
  participant: string
  domain: string
  event: string
  mode: 'solo'
  progress: Progress
}

/** What the page shows of the lab at any moment. */
export type LabState =
  | { state: 'closed' }
  | { state: 'opening'; what: string; since: number }
  /** A server is being built for a step: those before it are solved on it. */
  | ({ state: 'building' } & Building)
  /** What was being built is not whole, and of no use. `detail` is what a program said, in no particular language. */
  | { state: 'unfinished'; to: string; why: 'failed' | 'interrupted'; message: string; detail: string }
  | {
      state: 'open'
      /** Another word for each lab, as in `answers`. */
      mark: string
      /** The step that it has come to. */
      step: string
      /** The steps whose starting state was put on it, this one among them. */
      reached: string[]
      /** Those of them that were solved by us: what holds there is not the learner's success. */
      replayed: string[]
      domain: string
      server: { ipv4: string; ipv6: string }
      desk: { ipv4: string; ipv6: string }
    }
  /** The server keeps trying; `message` is in the reader's language. */
  | { state: 'trouble'; code: string; message: string; since: number }

/** How far the building is. */
export interface Building {
  /** The step for which it is. */
  to: string
  doing: 'keeping' | 'opening' | 'solving' | 'starting' | 'returning'
  /** The step that is being solved, or whose start is put on. */
  step?: string
  /** Which part of its solution, and where it is typed. */
  part?: { n: number; of: number; machine: MachineName }
  percent: number
  /** Seconds that it will still take, as far as is known. */
  left: number
  /** Milliseconds since the epoch. */
  since: number
}

/** A server that is kept; `at`, since when, in milliseconds since the epoch, is its name too. */
export interface KeptServer {
  at: number
  /** The step that it had come to. */
  step: string
}

/** What one answered to a task's questions. What is right is not said here: marks come with the verdict. */
export interface TaskAnswers {
  given: Record<string, string>
  /** Nothing new is taken before that: guessing is made slow. */
  waitMs: number
  judging: boolean
}

export type LiveServer =
  | { type: 'lab'; lab: LabState }
  /**
   * The servers that are kept, newest first, at most `most`; and what a new one for the page's step takes: the steps that
   * are solved on it, and seconds.
   */
  | {
      type: 'servers'
      kept: KeptServer[]
      most: number
      catchUp: { steps: string[]; seconds: number }
    }
  | { type: 'progress'; progress: Progress }
  /** Task ids whose check runs now. */
  | { type: 'checking'; tasks: string[] }
  | { type: 'verdict'; verdict: TaskVerdict }
  /** All answers of the step; `lab` is another word for each lab, and changes when it begins anew. */
  | { type: 'answers'; lab: string; tasks: Record<string, TaskAnswers> }
  | { type: 'refused'; code: string; message: string }

export type LiveClient =
  | { type: 'open' }
  /** A new server at the step's beginning; the one that is there is removed, or kept. */
  | { type: 'reset'; keep: boolean }
  | { type: 'close' }
  /** Goes on with the server that is there: the step's files and missing names are put on it. */
  | { type: 'advance' }
  /** Gives up what is being built, and returns to what was there. */
  | { type: 'cancel' }
  /** Returns to a server that is kept, and keeps the one that is there. */
  | { type: 'return'; at: number }
  /** Runs the checks of the step at once, or of one of its tasks, whatever else is under way. */
  | { type: 'check'; task?: string | undefined }
  /** All answers to the questions of a task, in place of those before, and what the check says of them. */
  | { type: 'answer'; task: string; answers: Record<string, string> }

/** Somewhere on the mail map; `id` is its domain, or `elsewhere` for all that is nobody's. */
export interface MapPlace {
  id: string
  kind: 'provider' | 'spammer' | 'server' | 'elsewhere'
}

/** A message, or an attempt to hand one over, as the map draws and lists it. */
export interface MapMail {
  id: string
  /** Milliseconds since the epoch. */
  at: number
  /** Ids of places. */
  from: string
  to: string
  fate: Fate
  /** The SMTP code of the last reply, 0 if there was no dialogue. */
  code: number
  /** The server whose own log says so, in which its root may write anything; null if a provider says it. */
  log: string | null
}

/** All that is known of one message; `subject` only for whose mail it is. */
export interface MapHistory extends MapMail {
  envelope: { from: string; to: string[] }
  subject?: string
  size: number
  reply: string
  tls: string | false
  authentication?: Authentication
  /** In the reader's language. */
  reasons: { rule: string; text: string }[]
  transcript: string
}

export type MapServer =
  /** Comes first, and whenever there are others. `own` is the reader's server. */
  | { type: 'places'; own: string; places: MapPlace[] }
  /** Oldest first; `past` happened before the page came; `missed` were too many to tell. */
  | { type: 'mail'; mail: MapMail[]; past: boolean; missed: number }
  /** Null if it is forgotten. */
  | { type: 'history'; id: string; history: MapHistory | null }

export type MapClient = { type: 'history'; id: string }

/** Null until the domain is registered, when one's server opens: no error, which a browser would log. */
export interface RegistrarAnswer {
  state: DomainState | null
}

/** Empty until the domain is registered. */
export interface BlocklistAnswer {
  addresses: BlocklistState[]
}

/** What is answered with 409 when the names are not at the version that one changed: they as they are now. */
export interface NamesChanged {
  code: string
  message: string
  state: DomainState
}

export interface ZoneFile {
  text: string
}
export interface ZoneRead {
  records: ZoneRecord[]
}

/** Text frames of a terminal's socket, server to page. Binary frames are output bytes. */
export type TerminalServer =
  /**
   * First frame: the next output byte has this number. `shell` names the shell; `fresh` tells why it is not the one
   * that the viewer had. Output up to `shown` was on a screen before: its queries were answered, and must not be
   * again. `modes` are escape sequences that bring a terminal just reset to the modes in force at `seq`.
   */
  | {
      type: 'at'
      seq: number
      shown: number
      modes: string
      shell: string
      fresh: 'new' | 'machine-restarted' | 'shell-ended' | 'replay-gap' | null
    }
  /** Input bytes of this writer up to this number have arrived: a page keeps and sends again what lies beyond. */
  | { type: 'got'; seq: number }
  | { type: 'size'; cols: number; rows: number }
  | { type: 'exit'; code: number }
  | { type: 'refused'; code: string; message: string }

/**
 * Text frames, page to server. Binary frames are input: 8 bytes big-endian number of the first byte, then at most
 * 32 KiB of bytes, none more than 32 KiB beyond the last `got`. Input is counted by `writer`, an id that each page
 * makes for itself; bytes that have arrived already are dropped.
 */
export type TerminalClient =
  /** Output up to this number is on the screen: the server sends at most a window beyond it. */
  | { type: 'ack'; seq: number }
  | { type: 'resize'; cols: number; rows: number }
  /** Ends the shell and everything it started. */
  | { type: 'close' }

export type {
  Authentication,
  BlocklistEvent,
  BlocklistState,
  DelistAnswer,
  DomainEdit,
  DomainNames,
  DomainState,
  Fate,
  MailChange,
  MailDetail,
  MailEvent,
  MailSummary,
  Mistake,
  PersonAnswer,
  Reason,
  Verdict,
  ZoneRecord,
} from '../containers/internet/api.ts'
export type { Lang, MachineName }
