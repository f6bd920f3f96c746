import type { Probes } from '../../../checker/probes/types.ts'
import type { Check, Text } from '../../../checker/step.ts'
import type { Verdict } from '../../../checker/verdict.ts'
import { reverseName } from './reverse-name.ts'

type Family = 'ipv4' | 'ipv6'

/** Name, addresses, mail exchanger and the two reverse names all tell of the same machine, to whoever asks. */
export const aNameForTheServer: Check = async probes => {
  const { domain, host } = probes.lab
  return (
    (await alias(probes)) ??
    (await leadsThere(probes, 'ipv4')) ??
    (await leadsThere(probes, 'ipv6')) ??
    (await takesMail(probes)) ??
    (await leadsBack(probes, 'ipv4')) ??
    (await leadsBack(probes, 'ipv6')) ??
    (await calledSo(probes)) ?? {
      status: 'pass',
      observed: {
        en: `Mail for ${domain} goes to ${host}; that name leads to your server over IPv4 and IPv6, and both addresses lead back to it.`,
        fr: `Le courrier de ${domain} va à ${host} ; ce nom mène à votre serveur en IPv4 et en IPv6, et les deux adresses y ramènent.`,
      },
    }
  )
}

const fail = (code: string, expected: Text, observed: Text, next: Text): Verdict => ({
  status: 'fail',
  code,
  expected,
  observed,
  next,
})

/** RFC 2181, 10.3: what an MX or PTR names must not be an alias. */
async function alias({ dns, lab: { host } }: Probes): Promise<Verdict | null> {
  const [target] = await dns.resolve(host, 'CNAME')
  if (!target) return null
  return fail(
    'alias',
    { en: `${host} has addresses of its own.`, fr: `${host} a ses propres adresses.` },
    { en: `${host} is an alias (CNAME) of ${target}`, fr: `${host} est un alias (CNAME) de ${target}` },
    {
      en: `\`dig ${host} CNAME\` shows it. Mail servers must not hide behind an alias: delete it in nsupdate (\`update delete ${host} CNAME\`) or on the registrar’s page, then add A and AAAA.`,
      fr: `\`dig ${host} CNAME\` le montre. Un serveur de courrier ne se cache pas derrière un alias : supprimez-le par nsupdate (\`update delete ${host} CNAME\`) ou sur la page du registrar, puis ajoutez A et AAAA.`,
    },
  )
}

async function leadsThere({ dns, lab }: Probes, family: Family): Promise<Verdict | null> {
  const type = family === 'ipv4' ? 'A' : 'AAAA'
  const right = lab.address.server[family]
  const found = await dns.resolve(lab.host, type)
  if (found.length === 1 && found[0] === right) return null
  const some = found.length > 0
  return fail(
    `${some ? 'wrong' : 'no'}-${type.toLowerCase()}`,
    {
      en: `${lab.host} has one ${type} record: ${right}`,
      fr: `${lab.host} a un enregistrement ${type} : ${right}`,
    },
    some
      ? { en: `The DNS says ${found.join(', ')}`, fr: `Le DNS dit ${found.join(', ')}` }
      : {
          en: `The DNS knows no ${type} record of it.`,
          fr: `Le DNS ne lui connaît pas d’enregistrement ${type}.`,
        },
    {
      en: `From the desk: \`dig ${lab.host} ${type}\`. It is set with nsupdate or on the registrar’s page. What stands in a machine’s \`/etc/hosts\` is seen by that machine alone; the world asks the DNS.`,
      fr: `Depuis le bureau : \`dig ${lab.host} ${type}\`. Il se règle par nsupdate ou sur la page du registrar. Ce qui est dans le \`/etc/hosts\` d’une machine n’est vu que d’elle ; le monde demande au DNS.`,
    },
  )
}

async function takesMail({ dns, lab: { domain, host } }: Probes): Promise<Verdict | null> {
  const found = await dns.resolve(domain, 'MX')
  const hosts = found.map(data => (data.split(' ')[1] ?? '').replace(/\.$/, '').toLowerCase())
  if (hosts.length > 0 && hosts.every(name => name === host)) return null
  return fail(
    hosts.length ? 'wrong-mx' : 'no-mx',
    { en: `The MX of ${domain} is ${host}.`, fr: `Le MX de ${domain} est ${host}.` },
    hosts.length
      ? { en: `The DNS says ${found.join(', ')}`, fr: `Le DNS dit ${found.join(', ')}` }
      : { en: `The DNS knows no MX record of ${domain}.`, fr: `Le DNS ne connaît pas de MX à ${domain}.` },
    {
      en: `\`dig ${domain} MX\` shows it. An MX belongs to the domain, what follows the @, and names a host, never an address: \`update add ${domain}. 300 MX 10 ${host}.\``,
      fr: `\`dig ${domain} MX\` le montre. Un MX appartient au domaine, ce qui suit l’arobase, et désigne un hôte par son nom, jamais une adresse : \`update add ${domain}. 300 MX 10 ${host}.\``,
    },
  )
}

async function leadsBack({ dns, lab }: Probes, family: Family): Promise<Verdict | null> {
  const address = lab.address.server[family]
  const found = (await dns.resolve(reverseName(address), 'PTR')).map(name =>
    name.replace(/\.$/, '').toLowerCase(),
  )
  if (found.length === 1 && found[0] === lab.host) return null
  return fail(
    `${found.length ? 'wrong' : 'no'}-ptr-${family}`,
    { en: `${address} leads back to ${lab.host}.`, fr: `${address} ramène à ${lab.host}.` },
    found.length
      ? { en: `It leads to ${found.join(', ')}`, fr: `Elle mène à ${found.join(', ')}` }
      : {
          en: 'It has no PTR record: it leads nowhere.',
          fr: 'Elle n’a pas de PTR : elle ne mène nulle part.',
        },
    {
      en: `\`dig -x ${address}\` shows in its QUESTION the name under which the PTR must stand.`,
      fr: `\`dig -x ${address}\` montre dans sa QUESTION le nom sous lequel le PTR doit se trouver.`,
    },
  )
}

/** Read inside: as long as no mail server greets with it, nobody outside sees what the machine calls itself. */
async function calledSo({ shell, lab }: Probes): Promise<Verdict | null> {
  const { stdout } = await shell.run('hostname -f')
  const name = stdout.trim()
  if (name === lab.host) return null
  return fail(
    'hostname',
    {
      en: `On the server, \`hostname -f\` says ${lab.host}.`,
      fr: `Sur le serveur, \`hostname -f\` dit ${lab.host}.`,
    },
    { en: `It says ${name || 'nothing'}`, fr: name ? `Il dit ${name}` : 'Il ne dit rien' },
    {
      en: '`hostname -f` takes the machine’s name and looks it up, in `/etc/hosts` first: the long name stands there before the short one.',
      fr: '`hostname -f` prend le nom de la machine et le cherche, d’abord dans `/etc/hosts` : le nom long y vient avant le court.',
    },
  )
}
