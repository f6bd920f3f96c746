import type { StartFiles } from '../../../checker/step.ts'
import { GONE, invitedOf, moverOf, secretaryOf, trapsOf } from './people.ts'

/** What somebody installed years ago: it has no address book but the one that it bought. */
const NEWSLETTER = `#!/bin/sh
# Newsletter of the shop. One letter after the other, for ever.
while :; do
  while read -r to; do
    printf 'From: Shop <shop@%s>\\nTo: %s\\nSubject: Only today\\n\\nEverything must go.\\n' "$(hostname -d)" "$to" |
      /usr/sbin/sendmail -f "shop@$(hostname -d)" "$to"
    sleep 10
  done < /opt/shop/customers.txt
done`

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
    put('/opt/shop/newsletter', 0o755, NEWSLETTER.split('\n')),
    put('/opt/shop/customers.txt', 0o644, trapsOf(lab)),
    // The server of whoever comes from step 5 runs already, and is not booted for this.
    put(
      '/etc/cron.d/shop',
      0o644,
      ['@reboot', '* * * * *'].map(when => `${when} root flock -n /run/shop /opt/shop/newsletter`),
    ),
    // A member moved on to agrume.test once, and away from there again.
    put(`/home/${moverOf(lab).login}/.forward`, 0o644, [GONE]),
  ]
}
