/** One participant on this server: their lab, their checks, and the pages that look at them. */
import { stepsBefore } from '../../checker/replay.ts'
import type { Lang } from '../../checker/step.ts'
import type { Step } from '../../checker/steps.ts'
import type { TaskVerdict } from '../../checker/verdict.ts'
import type { Labs } from '../../containers/types.ts'
import type { LabState, LiveServer } from '../protocol.ts'
import { Answers, labMark } from './answers.ts'
import { expectedMs } from './catch-up.ts'
import { Checks } from './checks.ts'
import { type ErrorCode, errorBody, say } from './errors.ts'
import { Keeper } from './keeper.ts'
import type { EventMail } from './map/event-mail.ts'
import { OwnLog } from './map/own-log.ts'
import type { Places } from './places.ts'
import { type KeptState, MOST_KEPT } from './servers.ts'
import type { Participant, Store } from './store.ts'

/** A page that looks at a step; `send` never throws. */
export interface Viewer {
  step: string
  lang: Lang
  send(message: LiveServer): void
}

export class Room {
  readonly participant: Participant
  readonly keeper: Keeper
  /** The mail of the whole event, and what this participant's server says of its own. */
  readonly mail: EventMail
  readonly log: OwnLog
  readonly #store: Store
  readonly #checks: Checks
  readonly #answers: Answers
  readonly #places: Places
  readonly #steps: Map<string, Step>
  readonly #viewers = new Set<Viewer>()
  /** The step whose page was opened or used last: its checks run. */
  #step: string | null = null
  /** Of the lab that the verdicts are about. */
  #seed: string | null = null

  constructor(options: {
    participant: Participant
    store: Store
    labs: Labs
    steps: Map<string, Step>
    mail: EventMail
  }) {
    const { participant, store, labs, steps, mail } = options
    this.participant = participant
    this.mail = mail
    this.log = new OwnLog(labs, (owner, line, said) => mail.say(owner, line, said))
    this.#store = store
    this.#steps = steps
    this.#answers = new Answers(store, participant)
    const places = store.places(participant)
    this.keeper = new Keeper({
      labs,
      who: { event: participant.event, participant: participant.name },
      steps,
      places,
      listener: {
        gone: seed => this.#answers.forget(seed),
        answers: (step, { seed }, answers) => this.#answers.solved(step, seed, answers),
        refused: code => {
          for (const { send, lang } of this.#viewers) send({ type: 'refused', ...errorBody(code, lang) })
        },
      },
    })
    this.#places = places
    this.#checks = new Checks(
      labs,
      {
        checking: (step, tasks) => this.#tell(step, { type: 'checking', tasks }),
        verdict: (step, verdict) => {
          if (this.#countsAsSolved(step, verdict) && store.solve(participant, step, verdict.task, verdict.at))
            for (const viewer of this.#viewers)
              viewer.send({ type: 'progress', progress: store.progress(participant) })
          this.#tell(step, { type: 'verdict', verdict })
          // Our own machinery broke: the machine may be gone without the engine saying so.
          if (verdict.verdict.status === 'error') void this.keeper.refresh()
        },
      },
      () => {
        const step = this.#step ? this.#steps.get(this.#step) : undefined
        const lab = this.keeper.lab
        return step && lab ? { step, lab, answers: this.#answers.given(step, lab.seed) } : null
      },
    )
    this.keeper.onChange(state => {
      for (const viewer of this.#viewers) viewer.send({ type: 'lab', lab: inWords(state, viewer.lang) })
      if (state.state !== 'building') for (const viewer of this.#viewers) this.#tellServers(viewer)
      if (state.state === 'open' || state.state === 'closed') {
        this.log.lab = this.keeper.lab
        void mail.changed()
      }
      if (state.state === 'closed' || state.state === 'building' || state.state === 'unfinished')
        this.#checks.forget()
      if (state.state !== 'open') return
      if (state.lab.seed !== this.#seed) this.#checks.forget()
      this.#seed = state.lab.seed
      for (const viewer of this.#viewers) this.#tellAnswers(viewer)
      void this.#checks.run()
    })
  }

  /** A page comes to look. Gives the function that is called when it leaves. */
  enter(viewer: Viewer): () => void {
    this.#viewers.add(viewer)
    viewer.send({ type: 'progress', progress: this.#store.progress(this.participant) })
    viewer.send({ type: 'lab', lab: inWords(this.keeper.state, viewer.lang) })
    this.#tellServers(viewer)
    this.#tellAnswers(viewer)
    for (const verdict of this.#checks.last(viewer.step)) viewer.send({ type: 'verdict', verdict })
    if (this.#step !== viewer.step) {
      this.#step = viewer.step
      void this.#checks.run()
    } else if (this.#checks.last(viewer.step).length === 0) void this.#checks.run()
    return () => this.#viewers.delete(viewer)
  }

  open(step: Step): void {
    void this.keeper.open(step)
  }

  reset(step: Step, keep: boolean): void {
    this.#checks.forget()
    void this.keeper.reset(step, keep)
  }

  advance(step: Step): void {
    void this.keeper.advance(step)
  }

  cancel(): void {
    this.keeper.cancel()
  }

  return(at: number): void {
    void this.keeper.return(at)
  }

  close(): void {
    this.#checks.forget()
    void this.keeper.close()
  }

  /** All of the step, or one task beside whatever runs. Gives a code where there is no such task. */
  check(step: Step, task?: string): ErrorCode | null {
    if (task !== undefined && !step.lab.tasks.some(({ id }) => id === task)) return 'bad-message'
    this.#step = step.id
    if (task === undefined) void this.#checks.run()
    else void this.#checks.one(task)
    return null
  }

  /** Answers to a task's questions: kept, and judged at once. Gives a code where they can't be taken at all. */
  answer(step: Step, task: string, answers: Record<string, string>): ErrorCode | null {
    const lab = this.keeper.lab
    if (!lab) return 'lab-closed'
    const taken = this.#answers.take(step, lab.seed, task, answers)
    if (taken === 'not-asked') return 'bad-message'
    this.#step = step.id
    if (taken === 'judging')
      void this.#checks.one(task).then(judged => {
        this.#answers.judged(step, lab.seed, task, judged?.verdict)
        this.#tellAllAnswers(step.id)
      })
    this.#tellAllAnswers(step.id)
    return null
  }

  activity(kind: 'input' | 'output'): void {
    this.#checks.activity(kind)
  }

  end(): void {
    this.#checks.end()
    this.keeper.end()
    this.log.lab = null
  }

  /** What holds because we solved it is nobody's success. */
  #countsAsSolved(step: string, { verdict }: TaskVerdict): boolean {
    const { state } = this.keeper
    if (verdict.status !== 'pass' || state.state !== 'open') return false
    return !state.reached.some(one => one.step === step && one.replayed)
  }

  #tellServers({ step: id, send }: Viewer): void {
    const step = this.#steps.get(id)
    if (!step) return
    const before = stepsBefore(step, this.#steps)
    const seconds = Math.ceil(expectedMs({ before, places: this.#places }) / 1000)
    send({
      type: 'servers',
      kept: this.keeper.kept,
      most: MOST_KEPT,
      catchUp: { steps: before.map(one => one.id), seconds },
    })
  }

  #tellAnswers(viewer: Viewer): void {
    const step = this.#steps.get(viewer.step)
    const seed = this.keeper.lab?.seed
    if (!seed || !step?.lab.tasks.some(({ questions }) => questions)) return
    viewer.send({ type: 'answers', lab: labMark(seed), tasks: this.#answers.view(step, seed) })
  }

  #tellAllAnswers(step: string): void {
    for (const viewer of this.#viewers) if (viewer.step === step) this.#tellAnswers(viewer)
  }

  #tell(step: string, message: LiveServer): void {
    for (const viewer of this.#viewers) if (viewer.step === step) viewer.send(message)
  }
}

function inWords(state: KeptState, lang: Lang): LabState {
  if (state.state === 'open') {
    const { domain, address } = state.lab
    const reached = state.reached.map(({ step }) => step)
    const replayed = state.reached.flatMap(one => (one.replayed ? [one.step] : []))
    const step = reached.at(-1) ?? state.lab.step
    const mark = labMark(state.lab.seed)
    const machines = { server: address.server, desk: address.desk }
    return { state: 'open', mark, step, reached, replayed, domain, ...machines }
  }
  if (state.state === 'trouble') return { ...state, message: say(state.code, lang) }
  if (state.state === 'unfinished') {
    const { failure, ...rest } = state
    if (failure && 'output' in failure) {
      const message = say('replay-failed', lang).replace('{n}', `${Number.parseInt(failure.step, 10)}`)
      return { ...rest, message, detail: failure.output }
    }
    return { ...rest, message: failure ? say(failure.code, lang) : '', detail: '' }
  }
  return state
}
