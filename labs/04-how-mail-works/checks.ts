import type { Checks } from '../../checker/step.ts'
import { aNameForTheServer } from './checks/a-name-for-the-server.ts'
import { askTheDns } from './checks/ask-the-dns.ts'

export const checks: Checks = {
  'a-name-for-the-server': aNameForTheServer,
  'ask-the-dns': askTheDns,
}
