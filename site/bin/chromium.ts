/** The browser of the tests: Playwright's own, the system's, or Debian's package. */
import { existsSync } from 'node:fs'
import { chromium } from 'playwright'
import { aptInstall } from '../../containers/setup/apt.ts'
import { thisHost } from '../../containers/setup/host.ts'
import { canInstall, distribution } from '../../containers/setup/linux.ts'
import { SetupError } from '../../containers/setup/setup-error.ts'
import type { Progress } from '../../containers/types.ts'

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Path of a browser that is there; null if there is none. Playwright's own comes first. */
export function findChromium(): string | null {
  return [chromium.executablePath(), ...SYSTEM].find(path => path && existsSync(path)) ?? null
}

/** Throws `SetupError` where none is there and none can be installed. */
export async function ensureChromium(progress: Progress): Promise<string> {
  const there = findChromium()
  if (there) return there
  // On Ubuntu the package is only a door to a snap, which doesn't work without its daemon.
  if (canInstall(thisHost) && !distribution(thisHost).includes('ubuntu')) {
    await aptInstall(thisHost, ['chromium'], line => progress(`installing chromium: ${line}`))
    const installed = findChromium()
    if (installed) return installed
  }
  throw new SetupError(
    'No Chromium for the tests in a browser.',
    'Install one: npx playwright install --with-deps chromium',
  )
}
