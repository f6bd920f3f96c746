import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Two projects, one after the other. What starts containers or a browser runs one file at a time: on two cores, two of
 * them would only make each other late. Such a file is known by what it imports, so no name can be forgotten.
 */
const real = globSync('test/**/*.test.ts', { cwd: root }).filter(file =>
  /^(?!import type).*from '(playwright|[^']*\/(fixture|docker|browser)\.ts)'/m.test(
    readFileSync(`${root}/${file}`, 'utf8'),
  ),
)
const MINUTE = 60_000

export default defineConfig({
  test: {
    root,
    projects: [
      {
        test: {
          name: 'unit',
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
