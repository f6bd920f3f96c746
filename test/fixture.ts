/** Real machines for tests: an engine that answers, images that are built, labs under a name of their own. */
import { randomBytes } from 'node:crypto'
import { labFacts } from '../checker/facts.ts'
import { Engine } from '../containers/docker.ts'
import { ensureImages, type Images } from '../containers/images.ts'
import { createLabs } from '../containers/lab.ts'
import type { Labs, Start } from '../containers/types.ts'
import { names } from '../labs/05-fifty-users/start/names.ts'

export interface Ground {
  engine: Engine
  images: Images
  labs: Labs
  instance: string
  /** A fresh event name; closed with the ground. */
  event(): string
}

/** Throws in words when there is no engine: what can't run fails, it is not skipped. `options`: as `LabsOptions`. */
export async function ground(options: { sockets?: string } = {}): Promise<Ground & AsyncDisposable> {
  const engine = await Engine.connect()
  if (!engine)
    throw new Error(
      'these tests need a container engine: npm test brings one, npm run doctor says what is missing',
    )
  const images = await ensureImages(engine, () => {})
  const instance = `t${randomBytes(3).toString('hex')}`
  const labs = createLabs({ engine, images, instance, ...options })
  const events: string[] = []
  return {
    engine,
    images,
    labs,
    instance,
    event() {
      const name = `e${randomBytes(3).toString('hex')}`
      events.push(name)
      return name
    },
    async [Symbol.asyncDispose]() {
      for (const event of events) await labs.closeEvent(event)
    },
  }
}

/** The starting state of no step: two plain machines, with the names that a mail server needs. */
export const plain: Start = { step: 'none', files: () => [], names: lab => names(labFacts(lab)) }
