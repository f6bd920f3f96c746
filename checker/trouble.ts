/** The verdicts of checks that could not be made: never charged to the learner. */
import type { Verdict } from './verdict.ts'

const error = (en: string, fr: string, detail: string): Verdict => ({
  status: 'error',
  message: { en, fr },
  detail,
})

export const broken = (detail: string): Verdict =>
  error(
    'The check itself could not be made. This is not your server’s fault; it will be tried again.',
    'La vérification elle-même n’a pas pu se faire. Votre serveur n’y est pour rien ; elle sera retentée.',
    detail,
  )

export const overrun = (budgetMs: number): Verdict =>
  error(
    `The check did not come to an end within ${budgetMs / 1000} s. It will be tried again.`,
    `La vérification n’a pas abouti en ${budgetMs / 1000} s. Elle sera retentée.`,
    `no verdict within ${budgetMs} ms`,
  )

export const ended = (): Verdict =>
  error('The check was stopped.', 'La vérification a été interrompue.', 'aborted')

export const off = (host: string): Verdict =>
  error(
    `${host} is not running. It is being looked after; the check will be tried again.`,
    `${host} n’est pas en marche. On s’en occupe ; la vérification sera retentée.`,
    `${host} is not running`,
  )
