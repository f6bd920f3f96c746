import { LAB_COOKIE, type Me } from '../../protocol.ts'

/** Whether a server with a lab gave this page, or it is a reading copy. */
export const labIsHere = (): boolean =>
  document.cookie.split('; ').some(cookie => cookie.startsWith(`${LAB_COOKIE}=`))

/** Who one is and what one has solved; null on a reading copy, or while the server does not answer. */
export async function fetchMe(): Promise<Me | null> {
  if (!labIsHere()) return null
  try {
    const answer = await fetch('/api/me', { headers: { accept: 'application/json' } })
    return answer.ok ? ((await answer.json()) as Me) : null
  } catch {
    return null
  }
}
