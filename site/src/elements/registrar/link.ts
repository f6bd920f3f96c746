/** The registrar's socket: calls when names may have changed, and comes back by itself after a loss. */
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 15_000

export class NamesLink {
  readonly #changed: () => void
  readonly #lost: () => void
  #socket: WebSocket | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #delay = FIRST_RETRY_MS

  constructor(changed: () => void, lost: () => void) {
    this.#changed = changed
    this.#lost = lost
  }

  connect(): void {
    clearTimeout(this.#timer)
    if (this.#socket && this.#socket.readyState <= WebSocket.OPEN) return
    const url = new URL('/api/registrar', location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(url)
    this.#socket = socket
    socket.addEventListener('open', () => {
      this.#delay = FIRST_RETRY_MS
      this.#changed()
    })
    socket.addEventListener('message', () => this.#changed())
    socket.addEventListener('close', () => {
      if (this.#socket !== socket) return
      this.#lost()
      // A room full of browsers must not knock at a restarting server in step.
      this.#timer = setTimeout(() => this.connect(), this.#delay * (0.75 + Math.random() / 2))
      this.#delay = Math.min(this.#delay * 2, LONGEST_RETRY_MS)
    })
  }

  /** Ends the socket, and with it what runs for this page behind it. */
  leave(): void {
    clearTimeout(this.#timer)
    const socket = this.#socket
    this.#socket = undefined
    socket?.close()
  }
}
