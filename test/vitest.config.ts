import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Two projects, one after the other. What starts containers or a browser is known by what it imports, so no name can be
 * forgotten; such files come one at a time. The proofs of all steps, first of them, use the whole machine by themselves,
 * and a browser beside them would lose its connections: Chromium drops them whenever the host gets an interface.
 */
const real = globSync('test/**/*.test.ts', { cwd: root }).filter(file =>
  /^(?!import type).*from '(playwright|[^']*\/(fixture|docker|browser)\.ts)'/m.test(
    readFileSync(`${root}/${file}`, 'utf8'),
  ),
)
const MINUTE = 60_000
/** Vitest's own second is gone quickly on a busy machine; what holds is seen at once all the same. */
const wait = { poll: { timeout: MINUTE / 4 } }

class ProofsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const proofs = ({ moduleId }: TestSpecification) => moduleId.endsWith('/test/labs.test.ts')
    return [...sorted.filter(proofs), ...sorted.filter(file => !proofs(file))]
  }
}

export default defineConfig({
  test: {
    root,
    sequence: { sequencer: ProofsFirst },
    projects: [
      {
        test: {
          name: 'unit',
          expect: wait,
          include: ['test/**/*.test.ts'],
          exclude: real,
          testTimeout: MINUTE / 2,
          hookTimeout: MINUTE,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'real',
          expect: wait,
          include: real,
          testTimeout: 3 * MINUTE,
          hookTimeout: 5 * MINUTE,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
