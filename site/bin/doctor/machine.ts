/** What of this machine matters: Node, packages, data folder, port, browser. */
import { statfs } from 'node:fs/promises'
import { findChromium } from '../chromium.ts'
import { packagesAreCurrent } from '../packages.mjs'
import { ensurePortFree } from '../port.ts'
import { messageOf } from '../program.ts'
import { ensureDataDir, ROOT, type Settings, urlOf } from '../settings.ts'
import { type Finding, GIB, gib } from './finding.ts'

export async function aboutThisMachine({ host, port, dataDir }: Settings): Promise<Finding[]> {
  const browser = findChromium()
  return [
    {
      state: 'ok',
      what: 'Node',
      seen: `${process.version} (the pinned one), ${process.platform} ${process.arch}`,
    },
    packagesAreCurrent(ROOT)
      ? { state: 'ok', what: 'npm packages', seen: 'as package-lock.json has them' }
      : {
          state: 'missing',
          what: 'npm packages',
          seen: 'not as locked',
          mend: 'npm ci --ignore-scripts=false',
        },
    await settled('data folder', dataDir, async () => ensureDataDir(dataDir)),
    await settled('port', `${urlOf(host, port)} is free`, () => ensurePortFree(host, port)),
    await room('disk of the data folder', dataDir, GIB / 2),
    browser
      ? { state: 'ok', what: 'Chromium', seen: browser }
      : {
          state: 'note',
          what: 'Chromium',
          seen: 'none; only tests need it',
          mend: 'npx playwright install --with-deps chromium',
        },
  ]
}

/** Whether a folder's file system has this many bytes free. */
export async function room(what: string, folder: string, needed: number): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  return free >= needed
    ? { state: 'ok', what, seen: `${gib(free)} free` }
    : {
        state: 'missing',
        what,
        seen: `${gib(free)} free, ${gib(needed)} needed`,
        mend: `Make room at ${folder}.`,
      }
}

async function settled(what: string, seen: string, work: () => Promise<void>): Promise<Finding> {
  try {
    await work()
    return { state: 'ok', what, seen }
  } catch (error) {
    const [fault = '', mend] = messageOf(error).split('\n\n')
    // A server of ours that runs is no fault.
    return {
      state: /the course is there already/.test(fault) ? 'note' : 'missing',
      what,
      seen: fault,
      ...(mend ? { mend } : {}),
    }
  }
}
