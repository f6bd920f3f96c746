/** Which shell a terminal is, on each machine. */
import type { Lang, MachineName } from '../../../checker/step.ts'

/** The holder joins its standard input and output to the machine's terminals; without a site, so that it starts fast. */
export const ATTACH = ['python3', '-ISE', '/usr/local/lib/ten-steps/holder.py', 'attach']

export interface Shell {
  /** A name or a number of the machine's passwd. */
  user: string
  argv: string[]
}

/** A login shell of root on the server, as after `ssh root@…`; of the participant on their own desk. */
export const SHELLS: Record<MachineName, Shell> = {
  server: { user: 'root', argv: ['/bin/bash', '-l'] },
  desk: { user: '1000', argv: ['/bin/bash', '-l'] },
}

/** The holder takes C.UTF-8 where the machine lacks it. */
export const LOCALES: Record<Lang, string> = { en: 'en_US.UTF-8', fr: 'fr_FR.UTF-8' }
