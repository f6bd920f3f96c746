/** `npm start`: engine, images and pages, then the server in the foreground. */
import { ensureImages } from '../../containers/images.ts'
import { ensureEngine } from '../../containers/setup/engine.ts'
import { serve } from '../server/main.ts'
import { ensurePortFree } from './port.ts'
import { program } from './program.ts'
import { ensureDataDir, readSettings } from './settings.ts'
import { buildSite, DIST } from './site-build.ts'

program(async ({ report, signal, onStop }) => {
  const { port, host, dataDir } = readSettings()
  ensureDataDir(dataDir)
  await ensurePortFree(host, port)

  const { ask } = report
  const engineStep = report.step('engine', progress => ensureEngine({ progress, ask, dataDir }))
  const machines = async () => {
    const engine = await engineStep
    const images = await report.step('images', progress => ensureImages(engine, progress, { ask }))
    return { engine, images }
  }
  const pages = report.step('pages', progress => buildSite(progress, signal))
  const [{ engine, images }] = await Promise.all([machines(), pages]).catch(async error => {
    // It may be installing: dpkg must not be left half-way.
    await engineStep.catch(() => {})
    throw error
  })
  const server = await report.step('server', () => serve({ host, port, dataDir, engine, images, dist: DIST }))
  onStop(() => server.close())
  if (server.enter) report.line(`${host} is open to others. Only this link lets in: ${server.enter}`)
  process.stdout.write(`ready ${server.url}\n`)
  return undefined
})
