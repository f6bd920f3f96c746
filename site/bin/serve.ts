/** The server alone, as `npm run dev` restarts it: engine and images must be there. */
import { ensureImages } from '../../containers/images.ts'
import { ensureEngine } from '../../containers/setup/engine.ts'
import { serve } from '../server/main.ts'
import { program } from './program.ts'
import { readSettings } from './settings.ts'

program(async ({ onStop }) => {
  const { port, host, dataDir } = readSettings()
  const engine = await ensureEngine({ dataDir })
  const images = await ensureImages(engine)
  // Astro's own server gives the pages in development.
  const server = await serve({ host, port, dataDir, engine, images, dist: '' })
  onStop(() => server.close())
  process.stderr.write(`server at ${server.url}\n`)
  return undefined
})
