import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { ensureImages, imageStates } from '../../containers/images.ts'
import { BASE } from '../../containers/setup/base.ts'
import { tarOf } from '../../containers/tar.ts'
import { ground } from '../fixture.ts'

test('all images are built, and a second look takes seconds', async () => {
  await using here = await ground()
  const begun = performance.now()
  const said: string[] = []
  expect(await ensureImages(here.engine, what => said.push(what))).toEqual(here.images)
  expect(performance.now() - begun).toBeLessThan(5000)
  expect(said.join()).not.toContain('begins')
  for (const { name, tag, present } of await imageStates(here.engine)) {
    expect(tag).toBe(here.images[name])
    expect(present).toBe(true)
  }
})

test('a build that fails is an error with the end of its output, not an image', async () => {
  await using here = await ground()
  const tag = `ten-steps-test:${randomBytes(4).toString('hex')}`
  const dockerfile = `FROM ${BASE}\nRUN echo a telling line; exit 3\n`
  const context = Readable.from([await tarOf([{ path: 'Dockerfile', mode: 0o644, content: dockerfile }])])
  const build = here.engine.build(context, { tag, args: {}, labels: {}, onLine: () => {} })
  await expect(build).rejects.toThrow(/a telling line/)
  expect(await here.engine.hasImage(tag)).toBe(false)
})
