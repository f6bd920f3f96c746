/** Who may log in, where, and how. */
import { type Entry, found } from './row.ts'

export const accounts: readonly Entry[] = [
  {
    id: 'no-auth-on-25',
    text: {
      en: 'Nobody is asked for a password on port 25',
      fr: 'Personne n’est invité à donner un mot de passe sur le port 25',
    },
    asks: ['behaviour'],
    check: async ({ probes }) => {
      const talks = (['none', 'starttls'] as const).map(tls =>
        probes.smtp.session({ port: 25, tls }, async ({ mechanisms }) => mechanisms),
      )
      const offered = (await Promise.all(talks)).flat()
      return found(offered.length === 0, offered.length ? offered : 'AUTH -')
    },
  },
  {
    id: 'starttls-first',
    text: {
      en: '587 refuses mail before STARTTLS (530), and offers no AUTH there',
      fr: 'Le 587 refuse le courrier avant STARTTLS (530), et n’y propose pas AUTH',
    },
    asks: ['behaviour'],
    check: async ({ probes, member }) =>
      probes.smtp.session({ port: 587, tls: 'none' }, async session => {
        const offered = session.mechanisms
        const { code, enhanced, text } = await session.command(`MAIL FROM:<${member.address}>`)
        return found(code === 530 && offered.length === 0, [`${code} ${enhanced} ${text}`, ...offered])
      }),
  },
  {
    id: 'wrong-password',
    text: { en: 'A wrong password is refused (535)', fr: 'Un mauvais mot de passe est refusé (535)' },
    asks: ['behaviour'],
    check: async ({ probes, member }) =>
      probes.smtp.session({ port: 465, tls: 'implicit' }, async session => {
        // The same at each run: Dovecot makes an address wait longer with every new wrong password that it hears from it.
        const { code, enhanced, text } = await session.login(member.login, 'not-the-password-of-anybody')
        return found(code === 535, `${code} ${enhanced} ${text}`)
      }),
  },
]
