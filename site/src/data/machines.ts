import type { MachineName } from '../../protocol.ts'

/** In the order in which the page shows them. */
export const MACHINE_NAMES = ['server', 'desk'] as const satisfies readonly MachineName[]

export const isMachine = (name: string): name is MachineName =>
  (MACHINE_NAMES as readonly string[]).includes(name)
