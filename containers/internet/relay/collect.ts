/** Messages on their way in, held in memory: each bounded, and all of them together. */

export class Intake {
  readonly #most: number
  readonly #all: number
  #bytes = 0

  /** `most` bytes of one message, `all` of those that come in at the same time. */
  constructor(most: number, all: number) {
    this.#most = most
    this.#all = all
  }

  /** The whole message, or what is wrong with it. Read to its end all the same: the sender hears the reply only then. */
  async collect(stream: AsyncIterable<Buffer>): Promise<Buffer | 'too-large' | 'busy'> {
    let chunks: Buffer[] = []
    let size = 0
    let wrong: 'too-large' | 'busy' | null = null
    const drop = (why: typeof wrong) => {
      wrong = why
      this.#bytes -= size
      size = 0
      chunks = []
    }
    try {
      for await (const chunk of stream) {
        if (wrong !== null) continue
        if (size + chunk.length > this.#most) drop('too-large')
        else if (this.#bytes + chunk.length > this.#all) drop('busy')
        else {
          size += chunk.length
          this.#bytes += chunk.length
          chunks.push(chunk)
        }
      }
      return wrong ?? Buffer.concat(chunks)
    } finally {
      this.#bytes -= size
    }
  }
}
