/**
 * The page's one socket to its lab: says what state the lab is in, what the checks see, and carries a few wishes.
 * It comes back by itself after a lost network, a closed lid or a restart of the server.
 */
import type { TaskVerdict } from '../../../checker/verdict.ts'
import type { LabState, LiveClient, LiveServer, Progress } from '../../protocol.ts'
import { labIsHere } from './me.ts'
import { lang, stepId } from './page.ts'

/** `absent`: a reading copy without a server. `lost`: `retryAt` in milliseconds since the epoch. */
export type Link =
  | { state: 'absent' }
  | { state: 'connecting' }
  | { state: 'open' }
  | { state: 'lost'; retryAt: number }

export interface LiveEvents {
  link: Link
  lab: LabState | null
  /** The ids of the tasks of which something changed. */
  tasks: string[]
  progress: Progress
  answers: AnswersMessage
  servers: ServersMessage
  refused: { code: string; message: string }
}

/** What was answered to the step's questions. */
type AnswersMessage = Extract<LiveServer, { type: 'answers' }>

/** The servers that are kept, and what a new one takes. */
type ServersMessage = Extract<LiveServer, { type: 'servers' }>

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 15_000
/** A socket that was open this long was healthy: the next retry starts fast again. */
const HEALTHY_MS = 5_000

export class Live {
  link: Link = labIsHere() ? { state: 'connecting' } : { state: 'absent' }
  lab: LabState | null = null
  progress: Progress = {}
  /** Null while no lab is open, and on steps that ask nothing. */
  answers: AnswersMessage | null = null
  servers: ServersMessage | null = null
  readonly verdicts = new Map<string, TaskVerdict>()
  readonly checking = new Set<string>()

  readonly #events = new EventTarget()
  #socket: WebSocket | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #delay = FIRST_RETRY_MS

  on<K extends keyof LiveEvents>(type: K, listener: (detail: LiveEvents[K]) => void): void {
    this.#events.addEventListener(type, event => listener((event as CustomEvent<LiveEvents[K]>).detail))
  }

  /** First solved, in milliseconds since the epoch. */
  solvedAt(task: string): number | undefined {
    return stepId === undefined ? undefined : this.progress[stepId]?.[task]
  }

  start(): void {
    addEventListener('online', () => this.retry())
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.retry()
    })
    // A page in the back-forward cache may keep no open socket.
    addEventListener('pagehide', () => this.#socket?.close())
    addEventListener('pageshow', event => event.persisted && this.retry())
    if (this.link.state !== 'absent') this.connect()
  }

  /** Tries at once if the link is lost. */
  retry(): void {
    if (this.link.state === 'lost') this.connect()
  }

  connect(): void {
    clearTimeout(this.#timer)
    this.#setLink({ state: 'connecting' })
    const url = new URL('/api/live', location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    url.search = new URLSearchParams({ step: stepId ?? '', lang }).toString()
    const socket = new WebSocket(url)
    this.#socket = socket
    let openedAt = 0
    socket.addEventListener('open', () => {
      openedAt = Date.now()
      this.#setLink({ state: 'open' })
    })
    socket.addEventListener('message', event => this.#receive(JSON.parse(String(event.data)) as LiveServer))
    socket.addEventListener('close', () => {
      if (this.#socket !== socket) return
      if (openedAt && Date.now() - openedAt > HEALTHY_MS) this.#delay = FIRST_RETRY_MS
      this.#lose()
    })
  }

  /** False when there is no connection to carry the wish. */
  send(wish: LiveClient): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false
    this.#socket.send(JSON.stringify(wish))
    return true
  }

  #lose(): void {
    // A room full of browsers must not knock at a restarting server in step.
    const delay = this.#delay * (0.75 + Math.random() / 2)
    this.#delay = Math.min(this.#delay * 2, LONGEST_RETRY_MS)
    this.#timer = setTimeout(() => this.connect(), delay)
    const running = [...this.checking]
    this.checking.clear()
    this.#setLink({ state: 'lost', retryAt: Date.now() + delay })
    this.#emit('tasks', running)
  }

  #receive(message: LiveServer): void {
    if (message.type === 'lab') this.#setLab(message.lab)
    else if (message.type === 'progress') {
      this.progress = message.progress
      this.#emit('progress', this.progress)
      this.#emit('tasks', Object.keys((stepId && message.progress[stepId]) || {}))
    } else if (message.type === 'checking') {
      const changed = [...this.checking, ...message.tasks]
      this.checking.clear()
      for (const task of message.tasks) this.checking.add(task)
      this.#emit('tasks', changed)
    } else if (message.type === 'verdict') {
      this.verdicts.set(message.verdict.task, message.verdict)
      this.checking.delete(message.verdict.task)
      this.#emit('tasks', [message.verdict.task])
    } else if (message.type === 'answers') {
      this.answers = message
      this.#emit('answers', message)
    } else if (message.type === 'servers') {
      this.servers = message
      this.#emit('servers', message)
    } else if (message.type === 'refused') this.#emit('refused', message)
  }

  #setLab(lab: LabState): void {
    // What was seen of machines that are no longer there says nothing of the next ones.
    const stays = lab.state === 'open' || lab.state === 'trouble'
    const gone = stays ? [] : [...this.verdicts.keys(), ...this.checking]
    for (const task of gone) {
      this.verdicts.delete(task)
      this.checking.delete(task)
    }
    this.lab = lab
    this.#emit('lab', lab)
    if (gone.length) this.#emit('tasks', gone)
  }

  #setLink(link: Link): void {
    this.link = link
    this.#emit('link', link)
  }

  #emit<K extends keyof LiveEvents>(type: K, detail: LiveEvents[K]): void {
    this.#events.dispatchEvent(new CustomEvent(type, { detail }))
  }
}

/** The one of this page. */
export const live = new Live()
