import type { StartFiles } from '../../../checker/step.ts'
import { GONE, invitedOf, moverOf, secretaryOf } from './people.ts'

export const files: StartFiles = lab => {
  const put = (path: string, mode: number, lines: string[]) => ({
    machine: 'server' as const,
    path,
    mode,
    content: `${lines.join('\n')}\n`,
  })
  return [
    put('/root/invited.txt', 0o644, invitedOf(lab)),
    put('/root/secretary.txt', 0o644, [`${secretaryOf(lab).login}@${lab.domain}`]),
    // A member moved on to agrume.test once, and away from there again.
    put(`/home/${moverOf(lab).login}/.forward`, 0o644, [GONE]),
  ]
}
