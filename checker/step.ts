/**
 * The author's vocabulary: what a step's `lab.ts` and `checks.ts` are made of.
 * A mistake in a step folder is reported by `labSchema` with its path, never by a crash later on.
 */
import { z } from 'zod'
import type { Door, ImapFlag, ListingCause, MailProvider } from '../containers/internet/api.ts'
import type { Probes } from './probes/types.ts'
import type { Verdict } from './verdict.ts'

export type { Door, ImapFlag }

/** The course's languages. Every text that a learner reads exists in each of them. */
export const LANGS = ['en', 'fr'] as const
export type Lang = (typeof LANGS)[number]

/** A text in every language of the course. */
export const textSchema = z.strictObject({ en: z.string().min(1), fr: z.string().min(1) })
export type Text = z.infer<typeof textSchema>

export const MACHINES = ['server', 'desk'] as const
/** `server` is the learner's Debian server, `desk` their computer at home. */
export type MachineName = (typeof MACHINES)[number]

/** Name of a step's folder: its number and its slug. */
export const STEP_FOLDER = /^(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)$/

const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const idSchema = (what: string, example: string) =>
  z.string().max(60).regex(ID, `a ${what} id is kebab-case, such as ${example}`)

const asked = {
  /** Stable name in kebab-case; the key in what the check judges and in what is stored. */
  id: idSchema('question', 'mx-of-grosmail'),
  /** What is asked, in a line or two. `code` between backticks. */
  text: textSchema,
}
/** A value that the learner types or chooses in the page. What is right is nowhere in `lab.ts`: its check knows. */
export const questionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...asked, kind: z.literal('number') }),
  z.strictObject({ ...asked, kind: z.literal('text') }),
  z.strictObject({
    ...asked,
    kind: z.literal('choice'),
    choices: z
      .array(z.strictObject({ id: idSchema('choice', 'clear'), text: textSchema }))
      .min(2)
      .max(12),
  }),
])
export type Question = z.infer<typeof questionSchema>

export const taskSchema = z.strictObject({
  /** Stable name in kebab-case; the key in `checks.ts`, in the store and of `<Task id>` in the lessons. */
  id: idSchema('task', 'mail-arrives'),
  /** What the learner achieves, in a few words. */
  title: textSchema,
  /** One or two sentences: what to reach, and how one will know. */
  goal: textSchema,
  /** Asked in the task's form; the check compares with `probes.answers.judge`. */
  questions: z
    .array(questionSchema)
    .min(1)
    .max(20)
    .refine(all => new Set(all.map(({ id }) => id)).size === all.length, 'each question id once')
    .optional(),
  /** From a nudge to almost the answer; shown one by one. Markdown: `code`, paragraphs. */
  hints: z.array(textSchema).min(2),
  /** The last rung of the ladder: a solution, with its commands. Markdown. */
  solution: textSchema,
})
export type Task = z.infer<typeof taskSchema>

export const labSchema = z.strictObject({
  title: textSchema,
  /** One sentence under the title on the path of steps. */
  summary: textSchema,
  /** Time that a beginner needs for the whole step, in minutes. */
  minutes: z.int().positive(),
  machines: z.array(z.enum(MACHINES)).min(1),
  /**
   * Folder of the step whose solution this one goes on with: `05-fifty-users`. It begins on that server, with the names
   * that its domain has by then; what lies in this step's own `start/` comes on top. Left out: a scene of its own.
   */
  follows: z.string().regex(STEP_FOLDER, "a step's folder, such as 05-fifty-users").optional(),
  tasks: z.array(taskSchema).min(1),
})
/** Pure data of a step: `export const lab: LabData = {…}` in its `lab.ts`. */
export type LabData = z.infer<typeof labSchema>

/** What is particular to one participant's lab: names, addresses, and a seed that each reset renews. */
export interface LabFacts {
  /** Short name, the label under `.test`: `you`. */
  participant: string
  /** `you.test` */
  domain: string
  /** `mail.you.test` */
  host: string
  address: Record<MachineName, { ipv4: string; ipv6: string }>
  /** IPv4 address of the stranger's house at which this participant may knock (`start/doors.ts`). */
  house: string
  /** 32 hexadecimal digits; new at each reset. */
  seed: string
  /** A deterministic stream of numbers in [0, 1) from the seed and a purpose. */
  random(purpose: string): () => number
}

/** A file that a step puts on a machine at its start. */
export interface StartFile {
  machine: MachineName
  /** Absolute path; parent folders are made. */
  path: string
  /** Octal permissions, such as 0o644. Owner is root. */
  mode: number
  content: string
}

/** A record of the learner's domain; `name` relative to it, `@` for the domain itself. */
export interface StartRecord {
  name: string
  type: 'A' | 'AAAA' | 'MX' | 'TXT' | 'CNAME' | 'SRV' | 'CAA' | 'TLSA'
  /** As in a zone file: `10 mail.you.test.` */
  data: string
}

/**
 * `start/names.ts` of a step exports `names: StartNames`: what the domain has when its lab opens, and the reverse names
 * of its addresses. Without it there is nothing: no MX, no PTR, nothing on the blocklist. In a step that follows another,
 * each record takes the place of those with its name and type, and the others stay as they are.
 */
export type StartNames = (lab: LabFacts) => {
  records: StartRecord[]
  reverse: Record<string, string>
  /** From the beginning providers treat the learner as the real ones would, not as a beginner: from step 6 on. */
  strict?: true
  /** Addresses of the lab that a predecessor brought onto the blocklist, and what for. */
  listed?: Record<string, ListingCause>
}

/** A message that lies in the inbox of the participant's mailbox at a provider when a new lab opens. */
export interface StartMessage {
  provider: MailProvider
  /** How long ago it came. IMAP counts messages in the order in which they came. */
  hoursAgo: number
  flags: ImapFlag[]
  /** RFC 5322 with CRLF; `date` is for its Date field. */
  source(date: string): string
}

/** `start/mail.ts` of a step exports `mail: StartMail`; without it the mailboxes begin empty. */
export type StartMail = (lab: LabFacts) => StartMessage[]

/**
 * `start/doors.ts` of a step exports `doors: StartDoors`: what is open at the address `lab.house`, and the name in its
 * certificate. Without it nobody lives there.
 */
export type StartDoors = (lab: LabFacts) => { certificate: string; doors: Door[] }

/** `start/files.ts` of a step exports `files: StartFiles`: what the step that it follows did not leave. */
export type StartFiles = (lab: LabFacts) => StartFile[]

/**
 * Decides one task from the probes. May throw: what a probe throws as `ProbeError` becomes a `fail` or
 * `error` by its kind, everything else becomes an `error`, which is never charged to the learner.
 */
export type Check = (probes: Probes) => Promise<Verdict>

/** `checks.ts` of a step exports `checks: Checks`, one entry for each task id. */
export type Checks = Record<string, Check>
