/** Words that count seconds: each region of the page has its own, and drops them when it is drawn anew. */
export class Ticks {
  #timer: ReturnType<typeof setInterval> | undefined
  #all: (() => void)[] = []

  /** Calls `tick` now and twice a second from now on. */
  add(tick: () => void): void {
    tick()
    this.#all.push(tick)
    this.#timer ??= setInterval(() => {
      for (const each of this.#all) each()
    }, 500)
  }

  clear(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#all = []
  }
}

export const secondsSince = (since: number): number => Math.max(0, Math.floor((Date.now() - since) / 1000))
