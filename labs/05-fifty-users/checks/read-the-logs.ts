import type { Check } from '../../../checker/step.ts'
import { nightOf } from '../start/night.ts'

/** Each hour of the night is named for what happened in it, and the account that was stolen is found. */
export const readTheLogs: Check = async probes => {
  const { hours, hole } = nightOf(probes.lab)
  const right = Object.fromEntries(hours.map(({ hour, what }) => [`hour-${hour}`, what]))
  return probes.answers.judge(
    { ...right, account: [hole, `${hole}@voisins.test`] },
    {
      next: {
        en: 'Look at each hour by itself: which program speaks (`smtpd` at a door, `smtp` to others, `local`, `imap-login`, `anvil`), and what stands behind `status=`?',
        fr: 'Regardez chaque heure à part : quel programme parle (`smtpd` à une porte, `smtp` vers les autres, `local`, `imap-login`, `anvil`), et qu’y a-t-il derrière `status=` ?',
      },
    },
  )
}
