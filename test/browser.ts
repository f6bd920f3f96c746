/** A real browser and the real course for tests from outside. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright'
import { ensureChromium } from '../site/bin/chromium.ts'
import { ROOT } from '../site/bin/settings.ts'

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await ensureChromium(() => {}),
    // Chromium's own sandbox does not start as root; what it opens here is only the course.
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
    ],
  })
}

/** A page whose console errors and uncaught exceptions are collected; `errors` must be empty at the end of a test. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  context.setDefaultTimeout(90_000)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('console', message => {
    // Chromium gives up requests whenever the host gets an interface, as with each event's network of another test.
    if (message.type() === 'error' && !message.text().includes('ERR_NETWORK_CHANGED'))
      errors.push(message.text())
  })
  page.on('pageerror', error => errors.push(error.message))
  return { page, errors }
}

const READY_MS = 240_000

/** `npm start` as a child, with a data folder of its own. */
export class Course {
  url = ''
  /** What it said on the way, line by line. */
  readonly log: string[] = []
  readonly dataDir: string
  readonly #env: Record<string, string>
  readonly #program: string
  #child: ChildProcess | null = null

  private constructor(dataDir: string, env: Record<string, string>, program: string) {
    this.dataDir = dataDir
    this.#env = env
    this.#program = program
  }

  /** `program`: another one than that of `npm start`. */
  static async start(env: Record<string, string> = {}, program = 'site/bin/start.ts'): Promise<Course> {
    const course = new Course(await mkdtemp(join(tmpdir(), 'ten-steps-')), env, program)
    await course.run()
    return course
  }

  /** Starts the server; again after an end, at the same port. */
  async run(): Promise<void> {
    const port = this.url ? new URL(this.url).port : '0'
    const child = spawn(process.execPath, [this.#program], {
      cwd: ROOT,
      env: { ...process.env, PORT: port, HOST: '127.0.0.1', ...this.#env, DATA_DIR: this.dataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    createInterface({ input: child.stderr }).on('line', line => this.log.push(line))
    const late = setTimeout(() => child.kill('SIGKILL'), READY_MS)
    for await (const line of createInterface({ input: child.stdout })) {
      const ready = /^ready (http:\S+)$/.exec(line)
      if (!ready) continue
      clearTimeout(late)
      this.url = ready[1] ?? ''
      return
    }
    clearTimeout(late)
    throw new Error(`the course did not start:\n${this.log.slice(-20).join('\n')}`)
  }

  /** Ends the server as asked, and waits for its end. */
  async kill(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return null
    const ended = once(child, 'exit')
    child.kill(signal)
    const [code] = (await ended) as [number | null]
    return code
  }

  /** The name of this installation on the engine. */
  async instance(): Promise<string> {
    const { DatabaseSync } = await import('node:sqlite')
    const store = new DatabaseSync(join(this.dataDir, 'course.sqlite'), { readOnly: true })
    const row = store.prepare(`SELECT value FROM setting WHERE name = 'instance'`).get() as { value: string }
    store.close()
    return row.value
  }

  /** Ends the server and removes all that this course made on the engine, and its data. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGTERM')
    const instance = await this.instance()
    const { Engine } = await import('../containers/docker.ts')
    const { createLabs } = await import('../containers/lab.ts')
    const engine = await Engine.connect({ ...process.env, ...this.#env })
    // Closing names machines by their labels: no image is asked for.
    if (engine)
      await createLabs({
        engine,
        images: { server: '', desk: '', internet: '' },
        instance,
      }).closeEvent('home')
    await rm(this.dataDir, { recursive: true })
  }
}

/** The rows of the terminal that is shown, as a reader sees them. */
export const screen = (page: Page): Locator =>
  page.locator('.terminal-panels [role=tabpanel]:not([hidden]) .xterm-rows')

/** Opens the lab from the step page and waits for a prompt. */
export async function openLab(page: Page, button: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: button }).click()
  await screen(page).getByText('root@mail').first().waitFor({ timeout: 60_000 })
}

/** Types a line into the terminal that is shown, as a learner does. */
export async function typeLine(page: Page, line: string): Promise<void> {
  await page.locator('.terminal-panels [role=tabpanel]:not([hidden]) .xterm-helper-textarea').focus()
  await page.keyboard.type(line)
  await page.keyboard.press('Enter')
}
