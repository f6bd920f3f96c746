/** One thing that was looked at. `note`: not needed, or not needed now. */
export interface Finding {
  state: 'ok' | 'note' | 'missing'
  what: string
  seen: string
  /** What to do about it. */
  mend?: string
}

export const GIB = 2 ** 30
export const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`
