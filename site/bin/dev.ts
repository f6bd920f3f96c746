/**
 * `npm run dev`: pages from Astro's development server, which reloads lessons and components in the browser; behind it
 * our own server, restarted when it or a check changes. Vite's proxy joins the two (site/astro.config.ts).
 */
import { spawn } from 'node:child_process'
import { ensureImages } from '../../containers/images.ts'
import { ensureEngine } from '../../containers/setup/engine.ts'
import { ensurePortFree } from './port.ts'
import { program } from './program.ts'
import { ensureDataDir, ROOT, readSettings, urlOf } from './settings.ts'

program(async ({ report, signal, onStop }) => {
  const { port, host, dataDir } = readSettings()
  const behind = port === 65535 ? port - 1 : port + 1
  ensureDataDir(dataDir)
  await ensurePortFree(host, port)
  await ensurePortFree('127.0.0.1', behind)
  const { ask } = report
  const engine = await report.step('engine', progress => ensureEngine({ progress, ask, dataDir }))
  await report.step('images', progress => ensureImages(engine, progress, { ask }))

  const server = spawn(process.execPath, ['--watch', '--watch-preserve-output', 'site/bin/serve.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    signal,
    env: { ...process.env, HOST: '127.0.0.1', PORT: `${behind}`, DATA_DIR: dataDir },
  })
  server.on('error', () => {})
  const ended = new Promise<void>(resolve => server.once('exit', () => resolve()))

  process.env.API_URL = urlOf('127.0.0.1', behind)
  process.env.ASTRO_TELEMETRY_DISABLED = '1'
  const { dev } = await import('astro')
  const pages = await dev({ root: `${ROOT}/site`, server: { host, port } })
  onStop(async () => {
    server.kill('SIGTERM')
    await Promise.all([ended, pages.stop()])
  })
  process.stdout.write(`ready ${urlOf(host, pages.address.port)}\n`)
  return undefined
})
