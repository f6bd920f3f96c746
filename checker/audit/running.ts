/** What runs on the server, seen from outside as far as it can be. */
import { letter, offer } from './looks.ts'
import { type Eye, found, mailboxOf, type Subject } from './row.ts'

/** Doors of a mail server, with the certificate's and the policy's web server. */
const WANTED = [25, 80, 143, 443, 465, 587, 993]
/** What nobody outside has any business with: databases, milters, filters, panels, and what Debian may bring along. */
const FORBIDDEN = [
  21, 23, 24, 53, 110, 111, 139, 445, 631, 783, 873, 995, 2049, 2525, 3306, 5432, 6379, 7000, 8080, 8891,
  8893, 9000, 10025, 10026, 11211, 11332, 11334, 12340,
]
const SSH = 22

const families = ['ipv4', 'ipv6'] as const

/** The ports that are open, `25/6` over IPv6. */
async function openOf({ probes }: Eye, ports: readonly number[]): Promise<string[]> {
  const open: string[] = []
  for (const family of families)
    for (const port of ports)
      if (await probes.ports.open(port, family)) open.push(family === 'ipv4' ? `${port}` : `${port}/6`)
  return open
}

/** Whether an address takes mail from outside. */
const takes = async ({ probes }: Eye, local: string) => {
  const to = `${local}@${probes.lab.domain}`
  const { code, text } = await offer(probes, to, { tls: 'starttls' })
  return found(code === 250, `${to}: ${code} ${text}`)
}

export const running: Subject = {
  id: 'running',
  title: { en: 'Running', fr: 'En marche' },
  entries: [
    {
      id: 'services-listen',
      text: {
        en: 'Mail and web answer over IPv4 and IPv6',
        fr: 'Le mail et le web répondent en IPv4 et en IPv6',
      },
      asks: ['M'],
      check: async eye => {
        const open = await openOf(eye, WANTED)
        return found(open.length === 2 * WANTED.length, open)
      },
    },
    {
      id: 'only-there',
      text: { en: 'No other door is open', fr: 'Aucune autre porte n’est ouverte' },
      asks: ['M'],
      check: async eye => {
        const open = await openOf(eye, FORBIDDEN)
        return found(open.length === 0, open.length ? open : `0 / ${2 * FORBIDDEN.length}`)
      },
    },
    {
      id: 'ssh-without-passwords',
      text: {
        en: 'SSH takes no passwords, or is not there',
        fr: 'SSH ne prend pas de mots de passe, ou n’est pas là',
      },
      asks: ['M'],
      check: async eye => {
        const open = await openOf(eye, [SSH])
        if (open.length === 0) return found(true, '22 -')
        // Which ways of logging in there are is told only after a key exchange, for which nobody outside has a client.
        const { stdout } = await eye.probes.shell.run(
          'sshd -T | grep -iE "^(passwordauthentication|kbdinteractive)"',
        )
        return found(
          /passwordauthentication no/.test(stdout) && !/kbd\S+ yes/.test(stdout),
          stdout.trim().split('\n'),
        )
      },
    },
    {
      id: 'fail2ban',
      text: { en: 'Who guesses passwords is locked out', fr: 'Qui devine des mots de passe est mis dehors' },
      asks: ['M'],
      later: 10,
    },
    {
      id: 'updates',
      text: { en: 'No update waits, nor a restart', fr: 'Aucune mise à jour n’attend, ni un redémarrage' },
      asks: ['M'],
      later: 10,
    },
    {
      id: 'room',
      text: {
        en: 'Disk and memory have room, and somebody hears when not',
        fr: 'Disque et mémoire ont de la place, et sinon quelqu’un l’apprend',
      },
      asks: ['M'],
      later: 10,
    },
    {
      id: 'backup',
      text: {
        en: 'There is a backup younger than seven days',
        fr: 'Il y a une sauvegarde de moins de sept jours',
      },
      asks: ['M'],
      later: 10,
    },
    {
      id: 'outbound-25',
      text: {
        en: 'The server reaches others on port 25',
        fr: 'Le serveur atteint les autres sur le port 25',
      },
      asks: ['M'],
      check: async ({ looks }) => {
        const arrived = await looks.letter()
        return found(arrived !== null, arrived ? `${arrived.remoteAddress} > grosmail.test` : '-')
      },
    },
    ...['postmaster', 'hostmaster', 'abuse'].map(local => ({
      id: `${local}-address`,
      text: { en: `${local}@ takes mail`, fr: `${local}@ prend le courrier` },
      asks: ['M'] as const,
      check: (eye: Eye) => takes(eye, local),
    })),
    {
      id: 'mail-is-read',
      text: {
        en: 'Mail from outside is read over IMAP, byte for byte',
        fr: 'Le courrier du dehors se lit en IMAP, octet pour octet',
      },
      asks: ['behaviour'],
      check: async ({ probes, member }) => {
        const canary = probes.canary()
        const [from, to] = [`friend-${canary.slice(-8)}@grosmail.test`, member.address]
        const source = letter({ from, to, id: canary, canary })
        const sent = await probes.grosmail.send({ from, to, source })
        if (!sent.accepted) return found(false, sent.reply)
        const read = await probes.imap.fetch(mailboxOf(member), canary, 15_000)
        await probes.imap.remove(mailboxOf(member), canary).catch(() => 0)
        if (!read) return found(false, `${sent.reply} | IMAP -`)
        // What the server adds stands above; what was sent must be its end.
        const whole = Buffer.from(read).toString().endsWith(source)
        return found(whole, `${sent.reply.split('\n')[0]} | ${read.length} B`)
      },
    },
  ],
}
