/** What `checked-tls` says. */

import type {
  DomainPolicy,
  ImpostorAttempt,
  PolicyFault,
  Published,
  ReportAnswer,
  SendAnswer,
} from '../../../checker/probes/types.ts'
import type { Text } from '../../../checker/step.ts'
import { type Fail, fail } from '../../05-fifty-users/checks/say.ts'

const vouched: Text = {
  en: 'Who sends to you can check that the host that answers is yours: by DNSSEC and DANE, and by MTA-STS.',
  fr: 'Qui vous écrit peut vérifier que l’hôte qui répond est bien le vôtre : par DNSSEC et DANE, et par MTA-STS.',
}

export const notSigned = (domain: string): Fail =>
  fail('not-signed', {
    expected: vouched,
    observed: {
      en: `The registry has no DS record of ${domain}: nobody can tell your records from forged ones.`,
      fr: `Le registre n’a pas d’enregistrement DS de ${domain} : personne ne distingue vos enregistrements de faux.`,
    },
    next: {
      en: `Have the delegation signed, on the registrar’s page or by its API, until \`dig +short DS ${domain}\` shows something and \`dig MX ${domain}\` the flag \`ad\`.`,
      fr: `Faites signer la délégation, sur la page du registrar ou par son API, jusqu’à ce que \`dig +short DS ${domain}\` montre quelque chose et \`dig MX ${domain}\` le drapeau \`ad\`.`,
    },
  })

export const noTlsa = (host: string): Fail =>
  fail('no-tlsa', {
    expected: vouched,
    observed: {
      en: `There is no TLSA record at _25._tcp.${host}.`,
      fr: `Il n’y a pas d’enregistrement TLSA à _25._tcp.${host}.`,
    },
    next: {
      en: 'It holds 3 1 1 and the SHA-256 of your public key; the lesson shows the line that computes it from what port 25 shows.',
      fr: 'Il contient 3 1 1 et le SHA-256 de votre clef publique ; la leçon donne la ligne qui le calcule à partir de ce que montre le port 25.',
    },
  })

export const wrongTlsa = (
  { host, dane }: DomainPolicy['hosts'][number],
  fault: PolicyFault | undefined,
): Fail =>
  fail('wrong-tlsa', {
    expected: vouched,
    observed: fault?.text ?? {
      en: 'The TLSA record is not that of the certificate.',
      fr: 'L’enregistrement TLSA n’est pas celui du certificat.',
    },
    next: {
      en: `Compare \`dig +short TLSA _25._tcp.${host}\` with what the server shows: \`openssl s_client -connect ${host}:25 -starttls smtp\`. After a change of key both have to change, the record first.`,
      fr: `Comparez \`dig +short TLSA _25._tcp.${host}\` avec ce que montre le serveur : \`openssl s_client -connect ${host}:25 -starttls smtp\`. Quand la clef change, les deux changent, l’enregistrement d’abord.`,
    },
    transcript: dane.found.join('\n'),
  })

export const noSts = (domain: string): Fail =>
  fail('no-sts', {
    expected: vouched,
    observed: {
      en: `There is no record at _mta-sts.${domain}.`,
      fr: `Il n’y a pas d’enregistrement à _mta-sts.${domain}.`,
    },
    next: {
      en: '`v=STSv1; id=…` in a TXT record says that there is a policy; the policy itself is a file that is fetched over HTTPS.',
      fr: '`v=STSv1; id=…` dans un enregistrement TXT dit qu’il y a une politique ; la politique elle-même est un fichier que l’on va chercher en HTTPS.',
    },
  })

export const wrongSts = ({ faults, found }: Published): Fail =>
  fail('wrong-sts', {
    expected: vouched,
    observed: faults[0]?.text ?? {
      en: 'The MTA-STS policy can’t be used.',
      fr: 'La politique MTA-STS est inutilisable.',
    },
    next: {
      en: 'From the desk: `curl -i https://mta-sts.$(hostname -d)/.well-known/mta-sts.txt`, without `-k`. What curl complains of, providers complain of.',
      fr: 'Depuis le bureau : `curl -i https://mta-sts.$(hostname -d)/.well-known/mta-sts.txt`, sans `-k`. Ce dont curl se plaint, les fournisseurs s’en plaignent.',
    },
    transcript: found.join('\n'),
  })

export const notEnforced = (mode: string): Fail =>
  fail('sts-not-enforced', {
    expected: vouched,
    observed: { en: `The policy says mode: ${mode}.`, fr: `La politique dit mode: ${mode}.` },
    next: {
      en: '`mode: testing` is for the first days, until the reports are clean. Then `mode: enforce`, and a new `id`.',
      fr: '`mode: testing`, c’est pour les premiers jours, jusqu’à ce que les rapports soient propres. Ensuite `mode: enforce`, et un nouvel `id`.',
    },
  })

export const noTlsRpt = (domain: string, { faults, found }: Published): Fail =>
  fail('no-tls-rpt', {
    expected: {
      en: 'Providers know where to report trouble with your TLS.',
      fr: 'Les fournisseurs savent où signaler les ennuis avec votre TLS.',
    },
    observed: faults[0]?.text ?? {
      en: `There is no record at _smtp._tls.${domain}.`,
      fr: `Il n’y a pas d’enregistrement à _smtp._tls.${domain}.`,
    },
    next: {
      en: `A TXT record at _smtp._tls.${domain}: \`v=TLSRPTv1; rua=mailto:tls-reports@${domain}\`.`,
      fr: `Un enregistrement TXT à _smtp._tls.${domain} : \`v=TLSRPTv1; rua=mailto:tls-reports@${domain}\`.`,
    },
    transcript: found.join('\n'),
  })

export const notSecured = (provider: string, by: string, sent: SendAnswer): Fail =>
  fail('not-secured', {
    expected: {
      en: `${provider}.test delivers to you by ${by}.`,
      fr: `${provider}.test vous livre sous ${by}.`,
    },
    observed: sent.secured.failure?.text ?? {
      en: `It used ${sent.secured.by}, and heard: ${sent.reply}`,
      fr: `Il a utilisé ${sent.secured.by}, et a entendu : ${sent.reply}`,
    },
    next: {
      en: 'What the DNS promises and what port 25 shows differ, or port 25 shows nothing.',
      fr: 'Ce que promet le DNS et ce que montre le port 25 diffèrent, ou le port 25 ne montre rien.',
    },
    transcript: sent.transcript,
  })

export function reportRefused({ sent, why }: ReportAnswer): Fail {
  const [first] = sent
  return fail('report-refused', {
    expected: {
      en: 'The TLS report of copine.test reaches you.',
      fr: 'Le rapport TLS de copine.test vous parvient.',
    },
    observed: first
      ? {
          en: `For ${first.to} it heard: ${first.reply}`,
          fr: `Pour ${first.to}, il a entendu : ${first.reply}`,
        }
      : (why ?? { en: 'None was sent.', fr: 'Aucun n’a été envoyé.' }),
    next: {
      en: 'The address of `rua=` has to exist: an alias in /etc/aliases, then `newaliases`.',
      fr: 'L’adresse de `rua=` doit exister : un alias dans /etc/aliases, puis `newaliases`.',
    },
  })
}

export const noSuccess = (report: string): Fail =>
  fail('no-success', {
    expected: {
      en: 'copine.test reports good sessions.',
      fr: 'copine.test rend compte de sessions réussies.',
    },
    observed: { en: 'Its report has none by DANE.', fr: 'Son rapport n’en contient aucune sous DANE.' },
    transcript: report.slice(0, 2000),
  })

const careful: Text = {
  en: 'Your server checks whom it sends to: what a host promises in the DNS or by MTA-STS and doesn’t keep makes it hold the letter back.',
  fr: 'Votre serveur vérifie à qui il envoie : quand un hôte ne tient pas ce qu’il promet dans le DNS ou par MTA-STS, la lettre reste en file.',
}

export const handedOver = (to: string, { transcript }: ImpostorAttempt): Fail =>
  fail('sends-to-impostor', {
    expected: careful,
    observed: {
      en: `It handed the letter for ${to} to a host whose certificate nobody vouches for.`,
      fr: `Il a remis la lettre pour ${to} à un hôte dont personne ne garantit le certificat.`,
    },
    next: {
      en: '`postconf smtp_tls_security_level smtp_dns_support_level`: `may` encrypts to anybody; `dane` with `dnssec` looks. For MTA-STS, `smtp_tls_policy_maps` and its resolver.',
      fr: '`postconf smtp_tls_security_level smtp_dns_support_level` : `may` chiffre avec n’importe qui ; `dane` avec `dnssec` vérifie. Pour MTA-STS, `smtp_tls_policy_maps` et son résolveur.',
    },
    transcript,
  })

export const neverAsked = (to: string): Fail =>
  fail('never-tried', {
    expected: careful,
    observed: {
      en: `It took a letter for ${to} and never went there.`,
      fr: `Il a pris une lettre pour ${to} et n’y est jamais allé.`,
    },
    next: {
      en: '`mailq` says why. To look at a certificate one has to go and see it; a ban on one domain checks nothing.',
      fr: '`mailq` dit pourquoi. Pour regarder un certificat, il faut aller le voir ; bannir un domaine ne vérifie rien.',
    },
  })
