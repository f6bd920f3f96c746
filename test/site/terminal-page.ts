/** <lab-terminal> alone in a page, in a real browser, under the policy of the real pages; its shells run here. */
import { createServer, type Server } from 'node:http'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright'
import type { Lab } from '../../containers/types.ts'
import { terminals } from '../../site/server/terminal.ts'
import { Holder } from '../containers/holder-client.ts'
import { PLAIN_SHELLS, pipeTo } from './terminal-ground.ts'

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; font-src 'self'"
const element = new URL('../../site/src/elements/lab-terminal.ts', import.meta.url).pathname

export interface Site extends AsyncDisposable {
  page: Page
  holder: Holder
  /** What the browser complained about. */
  problems: string[]
  /** Another window of the same reader. */
  window(): Promise<Page>
  stop(): Promise<void>
  start(): Promise<void>
}

/** `lang` of the page; `lab` tells whether there is one. */
export async function site(
  browser: Browser,
  options: { lang?: 'en' | 'fr'; lab?: () => boolean } = {},
): Promise<Site> {
  const { lang = 'en', lab = () => true } = options
  const bundle = await build({
    entryPoints: { page: element },
    outdir: '/',
    bundle: true,
    format: 'esm',
    splitting: true,
    write: false,
  })
  const files = new Map(bundle.outputFiles.map(file => [file.path, file.contents]))
  const css = [...files.keys()].filter(path => path.endsWith('.css'))
  const html = `<!doctype html><html lang="${lang}"><title>Terminal</title>
    ${css.map(path => `<link rel="stylesheet" href="${path}">`).join('')}<script type="module" src="/page.js"></script>
    <body style="margin:0"><h1>Terminals</h1><main style="height:400px"><lab-terminal machines="server desk"></lab-terminal></main>
    <button>After</button>`
  const holder = new Holder()
  let server: Server
  let shells: ReturnType<typeof terminals>
  let port = 0
  async function start() {
    server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://x').pathname
      const type = path.endsWith('.js') ? 'text/javascript' : path.endsWith('.css') ? 'text/css' : 'text/html'
      response.setHeader('content-type', type).setHeader('content-security-policy', POLICY)
      if (path === '/favicon.ico') response.statusCode = 204
      response.end(path === '/' ? html : files.get(path))
    })
    shells = terminals({ shells: PLAIN_SHELLS })
    server.on('upgrade', (request, socket, head) => {
      const [, , , machine, n] = new URL(request.url ?? '/', 'http://x').pathname.split('/')
      shells.upgrade(request, socket, head, {
        labs: { attach: pipeTo(holder) },
        lab: () => (lab() ? ({} as Lab) : null),
        // One holder for both: the desk's terminals have numbers of their own.
        machine: machine === 'desk' ? 'desk' : 'server',
        terminal: Number(n) + (machine === 'desk' ? 50 : 0),
        lang,
        participant: 'you',
      })
    })
    await new Promise<void>(done => server.listen(port, '127.0.0.1', done))
    port = (server.address() as { port: number }).port
  }
  async function stop() {
    shells.close()
    server.closeAllConnections()
    await new Promise(done => server.close(done))
  }
  await start()
  const context = await browser.newContext()
  const problems: string[] = []
  async function window() {
    const page = await context.newPage()
    page.on('console', message => message.type() === 'error' && problems.push(message.text()))
    page.on('pageerror', error => problems.push(String(error)))
    await page.goto(`http://127.0.0.1:${port}/`)
    return page
  }
  return {
    page: await window(),
    holder,
    problems,
    window,
    start,
    stop,
    async [Symbol.asyncDispose]() {
      await context.close()
      await stop()
      await holder[Symbol.asyncDispose]()
    },
  }
}

/** What the terminal that is shown shows. */
export function screen(page: Page): Promise<string> {
  return page
    .locator('.terminal-panel:not([hidden]) .xterm-rows')
    .evaluate(rows =>
      [...rows.children].map(row => row.textContent?.replace(/\u00a0/g, ' ').trimEnd() ?? '').join('\n'),
    )
}

/** The end of a prompt, root's or another's. */
export const PROMPT = /[#$] ?$/m

export async function shows(page: Page, mark: string | RegExp): Promise<void> {
  const end = Date.now() + 20_000
  let seen = ''
  while (Date.now() < end) {
    seen = await screen(page).catch(() => '')
    if (typeof mark === 'string' ? seen.includes(mark) : mark.test(seen)) return
    await page.waitForTimeout(50)
  }
  throw new Error(`«${mark}» is not on the screen:\n${seen}`)
}
