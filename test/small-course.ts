/** `npm start` for a course of a test's own: LABS_DIR are its steps, DIST its pages. */
import { ensureImages } from '../containers/images.ts'
import { ensureEngine } from '../containers/setup/engine.ts'
import { program } from '../site/bin/program.ts'
import { ensureDataDir, readSettings } from '../site/bin/settings.ts'
import { serve } from '../site/server/main.ts'

program(async ({ onStop }) => {
  const { port, host, dataDir } = readSettings()
  ensureDataDir(dataDir)
  const engine = await ensureEngine({ dataDir })
  const images = await ensureImages(engine)
  const { LABS_DIR: labs = '', DIST: dist = '' } = process.env
  const server = await serve({ host, port, dataDir, engine, images, dist, labs })
  onStop(() => server.close())
  process.stdout.write(`ready ${server.url}\n`)
  return undefined
})
