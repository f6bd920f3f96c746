/** `npm run stop [-- --data [--yes]]`: removes all that the course made on the engine; with --data what it stored, too. */
import { readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, relative } from 'node:path'
import { Engine } from '../../containers/docker.ts'
import { LABEL } from '../../containers/labels.ts'
import { unseal } from '../../containers/seal.ts'
import { SetupError } from '../../containers/setup/setup-error.ts'
import { program } from './program.ts'
import type { Report } from './report.ts'
import { ROOT, readSettings } from './settings.ts'

program(async ({ report }) => {
  const options = process.argv.slice(2)
  const unknown = options.find(option => !['--data', '--yes'].includes(option))
  if (unknown) throw new SetupError(`There is no option ${unknown}.`, 'npm run stop [-- --data [--yes]]')
  const { dataDir } = readSettings()
  if (options.includes('--data')) await confirm(report, dataDir, options.includes('--yes'))

  const engine = await Engine.connect()
  if (engine) {
    await clear(engine, report)
    // What machines that are gone connected to.
    await rm(join(dataDir, 'sockets'), { recursive: true, force: true })
  } else if (!options.includes('--data'))
    throw new SetupError(
      'No engine answers, so nothing can be removed from it.',
      '«npm run doctor» says why.',
    )
  else report.line('No engine answers: what the course made there, if anything, is left.')
  if (options.includes('--data'))
    await report.step('data', () => rm(dataDir, { recursive: true, force: true }))
  return engine ? 0 : 1
})

async function clear(engine: Engine, report: Report): Promise<void> {
  await report.step('machines', async progress => {
    const found = await engine.containers(LABEL.kind)
    for (const [index, { id, name }] of found.entries()) {
      progress(`${index + 1}/${found.length} ${name}`)
      await engine.remove(id)
    }
    const networks = await engine.networks(LABEL.kind)
    for (const { id, name } of networks) {
      progress(name)
      await engine.removeNetwork(id)
    }
  })
  for (const volume of await engine.volumes(LABEL.instance)) await engine.removeVolume(volume)
  await report.step('firewall rules', async () => {
    const tags = (await engine.images(`${LABEL.kind}=image`)).flatMap(image => image.tags)
    const internet = tags.find(tag => tag.includes('ten-steps/internet:'))
    // The rules were set with this image, so where it is not there they are not either.
    if (internet) await unseal(engine, internet)
  })
  await report.step('images', async progress => {
    // The mirror is a parent of others, and so is a layer: what could not be removed at first can be later.
    for (let round = 0; round < 3; round++) {
      const found = await engine.images(LABEL.kind)
      if (found.length === 0) return
      for (const { id, tags } of found)
        for (const name of tags.filter(tag => tag !== '<none>:<none>').concat(id)) {
          progress(name)
          await engine.removeImage(name)
        }
    }
  })
}

async function confirm(report: Report, dataDir: string, yes: boolean): Promise<void> {
  for (const precious of [ROOT, homedir(), process.cwd()])
    if (!relative(dataDir, precious).startsWith('..'))
      throw new SetupError(
        `DATA_DIR is ${dataDir}, which holds more than the course's data (${precious}).`,
        'Remove course.sqlite in it by hand.',
      )
  if (yes) return
  if (!report.ask)
    throw new SetupError(
      `Nobody is there to ask whether ${dataDir} may be removed.`,
      'Say it beforehand: npm run stop -- --data --yes',
    )
  const files = list(dataDir).join(', ') || 'empty'
  if (!(await report.ask(`Remove ${dataDir} with all progress in it (${files})?`)))
    throw new SetupError('Nothing was removed.', 'Without --data, «npm run stop» keeps the progress.')
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
