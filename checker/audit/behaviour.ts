/** What none of the public tests asks, and what makes the difference to those who use the server. */
import { accounts } from './accounts.ts'
import { letter, send } from './looks.ts'
import { found, type Subject } from './row.ts'
import { strangers } from './strangers.ts'

const SLOW = 6
/** Its pace is three a second; a server that takes its time needs one for each letter, and a look at its queue. */
const SLOW_MS = 45_000
const ROOT_MS = 15_000

/** Names of processes that listen or work for mail, each with its numbers; `pgrep` has them from the kernel. */
const PIDS = `for s in master dovecot opendkim rspamd; do pids=$(pgrep -x "$s" | sort | tr '\\n' ' '); [ -n "$pids" ] && echo "$s $pids"; done; true`
const RESTART = `for s in postfix dovecot opendkim rspamd; do [ -x "/etc/init.d/$s" ] && service "$s" restart; done >/dev/null 2>&1; true`

/** Lines of `NAME PID…`, by name. */
export const pidsOf = (text: string): Map<string, string[]> =>
  new Map(
    text
      .split('\n')
      .map(line => line.trim().split(/\s+/))
      .flatMap(([name = '', ...pids]) => (pids.length ? [[name, pids] as const] : [])),
  )

export const behaviour: Subject = {
  id: 'behaviour',
  title: { en: 'Behaviour', fr: 'Comportement' },
  entries: [
    ...strangers,
    ...accounts,
    {
      id: 'root-mail',
      text: {
        en: 'Root’s mail arrives in somebody’s mailbox',
        fr: 'Le courrier de root arrive dans la boîte de quelqu’un',
      },
      asks: ['behaviour'],
      check: async ({ probes }) => {
        const canary = probes.canary()
        const [from, to] = [`friend-${canary.slice(-8)}@grosmail.test`, `root@${probes.lab.domain}`]
        const sent = await probes.grosmail.send({
          from,
          to,
          source: letter({ from, to, id: canary, canary }),
        })
        if (!sent.accepted) return found(false, sent.reply)
        // Who reads root's mail, and with what password, is the learner's to choose: only a look inside tells that the
        // canary, which came from outside a moment ago, left the queue for a mailbox.
        const find = `find /home /var/mail /var/vmail -type f -mmin -3 -path '*/new/*' -exec grep -laF ${canary} {} + 2>/dev/null`
        const file = await probes.until(
          async () => (await probes.shell.run(find)).stdout.trim() || null,
          ROOT_MS,
        )
        if (file) await probes.shell.run(`${find} | xargs -r rm -f --`)
        return found(
          file !== null,
          file ? `${sent.code} > ${file.replace(/\/new\/.*/s, '/new')}` : `${sent.code} > -`,
        )
      },
    },
    {
      id: 'helo-is-ptr',
      text: { en: 'The server greets by its reverse name', fr: 'Le serveur salue par son nom inverse' },
      asks: ['behaviour'],
      check: async ({ looks, probes }) => {
        const arrived = await looks.letter()
        if (!arrived) return found(false, '-')
        const { helo, remoteAddress } = arrived
        const here = Object.values(probes.lab.address.server).includes(remoteAddress)
        return found(here && helo.toLowerCase() === probes.lab.host, `HELO ${helo} [${remoteAddress}]`)
      },
    },
    {
      id: 'from-aligned',
      text: { en: 'The From is aligned with SPF and DKIM', fr: 'Le From est aligné avec SPF et DKIM' },
      asks: ['behaviour'],
      check: async ({ looks }) => {
        const said = (await looks.letter())?.verdict?.authentication
        if (!said) return found(false, '-')
        const { spf, dkim, dmarc } = said
        return found(
          [spf, dkim, dmarc].every(one => one === 'pass'),
          `spf=${spf} dkim=${dkim} dmarc=${dmarc}`,
        )
      },
    },
    {
      id: 'queue-drains',
      text: {
        en: 'Mail for a slow provider all arrives',
        fr: 'Le courrier pour un fournisseur lent arrive en entier',
      },
      asks: ['behaviour'],
      check: async ({ probes, member }) => {
        const canary = probes.canary()
        const to = Array.from({ length: SLOW }, (_, i) => `audit-${canary.slice(-8)}-${i}@agrume.test`)
        const began = Date.now()
        await send(probes, member, canary, to)
        let there: string[] = []
        await probes.until(async () => {
          const taken = await probes.providers.agrume.deliveries(began - 1000)
          const all = new Set(taken.flatMap(delivery => delivery.to))
          there = to.filter(one => all.has(one))
          return there.length === to.length ? true : null
        }, SLOW_MS)
        return found(there.length === to.length, `${there.length} / ${to.length}`)
      },
    },
    {
      id: 'delisted',
      text: {
        en: 'An address that was listed was taken off after its cause was mended',
        fr: 'Une adresse inscrite a été retirée une fois la cause réparée',
      },
      asks: ['behaviour'],
      check: async ({ probes }) => {
        const all = await Promise.all(
          Object.values(probes.lab.address.server).map(one => probes.blocklist.state(one)),
        )
        const seen = all.flatMap(({ address, history }) => history.map(({ what }) => `${address} ${what}`))
        const delisted = all.some(({ history }) => history.some(({ what }) => what === 'delisted'))
        return found(delisted && all.every(({ listed }) => !listed), seen.length ? seen.reverse() : '-')
      },
    },
    {
      id: 'plus-detail',
      text: { en: 'name+detail@ arrives at name@', fr: 'nom+détail@ arrive chez nom@' },
      asks: ['behaviour'],
      later: 7,
    },
    {
      id: 'catch-all',
      text: {
        en: 'A catch-all takes the rest, and nothing that is a real mailbox’s',
        fr: 'Un fourre-tout prend le reste, et rien de ce qui revient à une vraie boîte',
      },
      asks: ['behaviour'],
      later: 7,
    },
    {
      id: 'over-quota',
      text: { en: 'A full mailbox refuses at RCPT (552)', fr: 'Une boîte pleine refuse à RCPT (552)' },
      asks: ['behaviour'],
      later: 7,
    },
    {
      id: 'sieve',
      text: {
        en: 'A Sieve script uploaded on 4190 takes effect',
        fr: 'Un script Sieve déposé par le port 4190 prend effet',
      },
      asks: ['behaviour'],
      later: 7,
    },
    {
      id: 'greylisting',
      text: {
        en: 'A stranger is asked to come back (451), then accepted',
        fr: 'Un inconnu est prié de revenir (451), puis accepté',
      },
      asks: ['behaviour'],
      later: 8,
    },
    {
      id: 'gtube',
      text: {
        en: 'The test string of spam filters is refused',
        fr: 'La chaîne d’essai des antispams est refusée',
      },
      asks: ['behaviour'],
      later: 8,
    },
    {
      id: 'outbound-limit',
      text: {
        en: 'A stolen account stops at its limit, the others still send',
        fr: 'Un compte volé s’arrête à sa limite, les autres envoient encore',
      },
      asks: ['behaviour'],
      later: 8,
    },
    {
      id: 'list-unsubscribe',
      text: {
        en: 'List posts carry one-click unsubscription (RFC 8058), covered by DKIM',
        fr: 'Les messages de liste portent le désabonnement en un clic (RFC 8058), couvert par DKIM',
      },
      asks: ['behaviour'],
      later: 9,
    },
    {
      id: 'restore',
      text: {
        en: 'What was deleted comes back from the backup',
        fr: 'Ce qui a été effacé revient de la sauvegarde',
      },
      asks: ['behaviour'],
      later: 10,
    },
    {
      id: 'restart-is-new',
      text: {
        en: 'A restart really changes the processes, and mail goes on',
        fr: 'Un redémarrage change vraiment les processus, et le courrier continue',
      },
      asks: ['behaviour'],
      alone: true,
      check: async ({ probes }) => {
        // Nobody outside can restart it, nor tell an old process from a new one; that it serves is seen from outside.
        const before = pidsOf((await probes.shell.run(PIDS)).stdout)
        await probes.shell.run(RESTART, { timeoutMs: 60_000 })
        const after = pidsOf((await probes.shell.run(PIDS)).stdout)
        const stayed = [...before].filter(
          ([name, pids]) => !after.get(name) || after.get(name)?.some(pid => pids.includes(pid)),
        )
        const serves = await probes.until(async () => {
          const open = await Promise.all([25, 465, 993].map(port => probes.ports.open(port, 'ipv4')))
          return open.every(Boolean) || null
        }, 20_000)
        const seen = [...before].map(([name, pids]) => `${name} ${pids[0]} > ${after.get(name)?.[0] ?? '-'}`)
        return found(before.size > 0 && stayed.length === 0 && serves === true, seen)
      },
    },
  ],
}
