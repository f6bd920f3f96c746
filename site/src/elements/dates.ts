import { lang } from './page.ts'

const locale = lang === 'fr' ? 'fr-FR' : 'en-GB'
const long = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'long',
  hour: '2-digit',
  minute: '2-digit',
})
const day = new Intl.DateTimeFormat(locale, { day: '2-digit', month: '2-digit', year: '2-digit' })
const hour = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' })
const decimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 })

/** Each takes milliseconds since the epoch. */
export const longDate = (at: number): string => long.format(at)
export const stampDay = (at: number): string => day.format(at)
export const stampHour = (at: number): string => hour.format(at)
export const clockTime = (at: number): string => clock.format(at)
/** Milliseconds as seconds with one decimal. */
export const inSeconds = (ms: number): string => decimal.format(ms / 1000)
/** The hour where it is of today. */
export const hourOrDay = (at: number): string =>
  new Date(at).toDateString() === new Date().toDateString() ? hour.format(at) : long.format(at)
