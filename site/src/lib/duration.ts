const NARROW = '\u202f'

/** `45 min`, `4 h`, `4 h 30`: written the same in both languages. */
export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (!hours) return `${rest}${NARROW}min`
  return rest ? `${hours}${NARROW}h${NARROW}${String(rest).padStart(2, '0')}` : `${hours}${NARROW}h`
}
