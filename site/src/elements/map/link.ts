/** The map's socket: comes back by itself after a lost network or a restart of the server, and answers clicks. */
import type { MapHistory, MapMail, MapPlace, MapServer } from '../../../protocol.ts'
import { labIsHere } from '../me.ts'
import { lang } from '../page.ts'

export interface MapEvents {
  state(state: 'absent' | 'connecting' | 'open' | 'lost'): void
  places(own: string, places: MapPlace[]): void
  mail(mail: MapMail[], past: boolean, missed: number): void
}

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 15_000
const HISTORY_MS = 8000

export class MapLink {
  readonly #view: string
  readonly #events: MapEvents
  readonly #asked = new Map<string, (history: MapHistory | null) => void>()
  #socket: WebSocket | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #delay = FIRST_RETRY_MS
  #left = true

  constructor(view: string, events: MapEvents) {
    this.#view = view
    this.#events = events
  }

  connect(): void {
    this.#left = false
    clearTimeout(this.#timer)
    if (!labIsHere()) {
      this.#events.state('absent')
      return
    }
    if (this.#socket && this.#socket.readyState <= WebSocket.OPEN) return
    const url = new URL('/api/map', location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    url.search = new URLSearchParams({ view: this.#view, lang }).toString()
    const socket = new WebSocket(url)
    this.#socket = socket
    socket.addEventListener('open', () => {
      this.#delay = FIRST_RETRY_MS
      this.#events.state('open')
    })
    socket.addEventListener('message', event => this.#receive(JSON.parse(String(event.data)) as MapServer))
    socket.addEventListener('close', () => {
      if (this.#socket !== socket || this.#left) return
      this.#events.state('lost')
      // A room full of browsers must not knock at a restarting server in step.
      this.#timer = setTimeout(() => this.connect(), this.#delay * (0.75 + Math.random() / 2))
      this.#delay = Math.min(this.#delay * 2, LONGEST_RETRY_MS)
    })
  }

  /** Ends the socket, and with it what runs for this page on the server and the machines. */
  leave(): void {
    this.#left = true
    clearTimeout(this.#timer)
    this.#socket?.close()
    this.#socket = undefined
  }

  /** Null if it is forgotten, or nobody answers. */
  history(id: string): Promise<MapHistory | null> {
    const { promise, resolve } = Promise.withResolvers<MapHistory | null>()
    if (this.#socket?.readyState !== WebSocket.OPEN) return Promise.resolve(null)
    this.#asked.set(id, resolve)
    setTimeout(() => resolve(null), HISTORY_MS)
    this.#socket.send(JSON.stringify({ type: 'history', id }))
    return promise
  }

  #receive(message: MapServer): void {
    if (message.type === 'places') this.#events.places(message.own, message.places)
    else if (message.type === 'mail') this.#events.mail(message.mail, message.past, message.missed)
    else if (message.type === 'history') {
      this.#asked.get(message.id)?.(message.history)
      this.#asked.delete(message.id)
    }
  }
}
