/** `npm run doctor`: what is there, what is missing, how to mend it. Exit code 1 if something that is needed is missing. */
import { Engine } from '../../containers/docker.ts'
import { thisHost } from '../../containers/setup/host.ts'
import { aboutEngine } from './doctor/engine.ts'
import type { Finding } from './doctor/finding.ts'
import { aboutImages } from './doctor/images.ts'
import { aboutIpv6 } from './doctor/ipv6.ts'
import { aboutThisMachine } from './doctor/machine.ts'
import { program } from './program.ts'
import { readSettings } from './settings.ts'

const MARK = { ok: 'ok  ', note: 'note', missing: 'MISS' }

program(async ({ report }) => {
  const settings = readSettings()
  const engine = await Engine.connect()
  const groups: [string, () => Promise<Finding[]>][] = [
    ['this machine', () => aboutThisMachine(settings)],
    ['engine', () => aboutEngine(engine, thisHost)],
    ['images', () => aboutImages(engine, thisHost)],
    ['IPv6', () => aboutIpv6(engine)],
  ]
  let missing = 0
  for (const [name, look] of groups) {
    const findings = await report
      .step(name, look)
      .catch((error: Error): Finding[] => [
        { state: 'missing', what: name, seen: error.message, mend: 'Mend what is named above first.' },
      ])
    for (const { state, what, seen, mend } of findings) {
      if (state === 'missing') missing++
      process.stdout.write(`${MARK[state]}  ${what}: ${seen}\n`)
      if (mend && state !== 'ok') process.stdout.write(`${mend.replace(/^/gm, '        ')}\n`)
    }
  }
  process.stdout.write(missing === 0 ? 'all that is needed is there\n' : `${missing} missing\n`)
  return missing === 0 ? 0 : 1
})
