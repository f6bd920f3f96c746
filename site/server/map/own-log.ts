/** The mail log of one participant's server, read while a page of theirs shows the map, and not a moment longer. */
import type { Lab, Labs } from '../../../containers/types.ts'
import { PostfixLog, type Said } from './postfix-log.ts'

const FILE = '/var/log/mail.log'
/** Lines from before the page came. */
const PAST = 300
/** Events a second that one server may say; a script that writes a log of its own is not mail. */
const MOST_A_SECOND = 50

export class OwnLog {
  readonly #labs: Pick<Labs, 'tail'>
  readonly #say: (owner: string, line: string, said: Said) => void
  #readers = 0
  #lab: Lab | null = null
  #stop: (() => void) | null = null

  constructor(labs: Pick<Labs, 'tail'>, say: (owner: string, line: string, said: Said) => void) {
    this.#labs = labs
    this.#say = say
  }

  /** The lab that is open now, null if none is. */
  set lab(lab: Lab | null) {
    if (lab?.seed === this.#lab?.seed) return
    this.#lab = lab
    this.#restart()
  }

  /** A page comes; gives the function for when it goes. */
  read(): () => void {
    this.#readers++
    if (this.#readers === 1) this.#restart()
    let gone = false
    return () => {
      if (gone) return
      gone = true
      this.#readers--
      if (this.#readers === 0) this.#restart()
    }
  }

  #restart(): void {
    this.#stop?.()
    this.#stop = null
    const lab = this.#lab
    if (!lab || this.#readers === 0) return
    const log = new PostfixLog()
    let second = 0
    let count = 0
    this.#stop = this.#labs.tail(lab, 'server', FILE, PAST, line => {
      const said = log.read(line)
      if (!said) return
      const now = Math.floor(Date.now() / 1000)
      if (now !== second) count = 0
      second = now
      // The lines from before come all at once.
      if (++count <= MOST_A_SECOND + (said.at < Date.now() - 5000 ? PAST : 0))
        this.#say(lab.domain, line, said)
    })
  }
}
