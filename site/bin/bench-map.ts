/**
 * `npm run bench:map -- [--servers N] [--rate N] [--json]`: the room's mail map in Chromium at a projector's size, beside
 * an empty page, in interleaved rounds of one run. Pages, door, sockets and fan-out are the course's own; only the mail
 * is made here. Exit code 1 when a row falls short of its bar.
 */
import { parseArgs } from 'node:util'
import { census, frames } from '../../test/bench/map-page.ts'
import { median, quantile } from '../../test/bench/terminal-wait.ts'
import { openBrowser, openPage } from '../../test/browser.ts'
import { mapGround, PROVIDERS } from '../../test/site/map-ground.ts'
import { program } from './program.ts'

const ROUNDS = 4
const ROUND_MS = 5000
const FATES = ['inbox', 'inbox', 'inbox', 'spam', 'deferred', 'refused'] as const
/** A frame at 60 Hz, and some of the next: what a viewer does not see. */
const MOST_RATIO = 1.25

program(async ({ report, onStop }) => {
  const { values } = parseArgs({
    options: {
      servers: { type: 'string', default: '100' },
      rate: { type: 'string', default: '20' },
      json: { type: 'boolean', default: false },
    },
  })
  const [servers, rate] = [Number(values.servers), Number(values.rate)]
  if (!(servers >= 2 && servers <= 500 && rate > 0 && rate <= 500))
    throw new Error(`expected 2 to 500 servers and 1 to 500 messages a second, not ${servers} and ${rate}`)
  const names = Array.from({ length: servers - 1 }, (_, i) => `server${i}`)
  const ground = await report.step('pages', () => mapGround(names))
  const browser = await openBrowser()
  const close = async () => {
    await browser.close()
    await ground[Symbol.asyncDispose]()
  }
  onStop(close)

  let n = 0
  const posts = PROVIDERS.map(name => `${name}.test`)
  const some = (all: readonly string[], step: number) => all[(n * step) % all.length] ?? ''
  const timer = setInterval(() => {
    n++
    const [server, other, post] = [some(ground.servers, 7), some(ground.servers, 13), some(posts, 3)]
    const [from, to] = n % 3 === 0 ? [server, post] : n % 3 === 1 ? [post, server] : [server, other]
    ground.happens({ from, to, fate: FATES[n % FATES.length] ?? 'inbox' })
  }, 1000 / rate)
  try {
    const viewport = { width: 1920, height: 1080 }
    const empty: number[] = []
    const map: number[] = []
    let seen = { places: 0, envelopes: 0, rows: 0 }
    for (let round = 0; round < ROUNDS; round++) {
      await report.step(`round ${round + 1} of ${ROUNDS}`, async () => {
        const blank = await openPage(browser, { viewport })
        await blank.page.goto(`${ground.url}/favicon.svg`)
        empty.push(...(await frames(blank.page, ROUND_MS)))
        await blank.page.context().close()
        const full = await openPage(browser, { viewport })
        await full.page.goto(`${ground.url}/en/map/`)
        await full.page.locator('.map-rows li').first().waitFor()
        map.push(...(await frames(full.page, ROUND_MS)))
        seen = await census(full.page)
        await full.page.context().close()
      })
    }
    const row = (what: string, of: (all: number[]) => number) => ({
      what,
      empty: of(empty),
      map: of(map),
      ratio: of(map) / of(empty),
    })
    const rows = [
      row('p50', median),
      row('p95', all => quantile(all, 0.95)),
      row('p99', all => quantile(all, 0.99)),
      row('longest', all => Math.max(...all)),
    ]
    const p95 = rows[1]?.ratio ?? Number.POSITIVE_INFINITY
    const holds = p95 <= MOST_RATIO && seen.places >= servers && seen.envelopes > 0
    if (values.json)
      process.stdout.write(`${JSON.stringify({ servers, rate, seen, rows, holds }, null, 2)}\n`)
    else {
      process.stdout.write(
        `\n${seen.places} places, ${seen.envelopes} envelopes at a time, ${rate} messages a second; ms between frames:\n`,
      )
      for (const { what, empty, map, ratio } of rows)
        process.stdout.write(
          `${what.padEnd(8)} empty page ${empty.toFixed(1).padStart(6)}   map ${map.toFixed(1).padStart(6)}   ${ratio.toFixed(2)} ×\n`,
        )
      process.stdout.write(`p95 ≤ ${MOST_RATIO} ×: ${holds ? 'PASS' : 'short'}\n`)
    }
    return holds ? 0 : 1
  } finally {
    clearInterval(timer)
    await close()
  }
})
