/** What `certificate` says. */
import type { Text } from '../../../checker/step.ts'
import type { Door, Seen } from './certificate.ts'
import type { Renewal } from './renewal.ts'
import { type Fail, fail, pass, some } from './say.ts'

export const readable: Text = {
  en: 'Can the service read certificate and key? `postconf smtpd_tls_cert_file smtpd_tls_key_file`, `doveconf ssl_server_cert_file ssl_server_key_file` (without `<`), and the log: `grep -E "TLS|ssl" /var/log/mail.log | tail`.',
  fr: 'Le service peut-il lire le certificat et la clef ? `postconf smtpd_tls_cert_file smtpd_tls_key_file`, `doveconf ssl_server_cert_file ssl_server_key_file` (sans `<`), et le journal : `grep -E "TLS|ssl" /var/log/mail.log | tail`.',
}

const trusted: Text = {
  en: 'At every door with TLS, a stranger can verify the certificate, up to the lab’s authority.',
  fr: 'À chaque porte sous TLS, une personne de passage peut vérifier le certificat, jusqu’à l’autorité du labo.',
}

const settingsOf = ({ port }: Door) =>
  port === 993 || port === 143
    ? '`doveconf ssl_server_cert_file`'
    : '`postconf smtpd_tls_cert_file smtpd_tls_chain_files`'

/** Node's words for what is wrong with a chain, by what the learner has done. */
export function notTrusted(door: Door, { why, subject, altNames, validTo }: Seen): Fail {
  const names = altNames.join(', ') || subject
  const kind = /verify_leaf|local_issuer|GET_ISSUER/i.test(why)
    ? 'chain-incomplete'
    : /ALTNAME/i.test(why)
      ? 'wrong-name'
      : /EXPIRED/i.test(why)
        ? 'expired'
        : 'not-trusted'
  const next: Record<typeof kind, Text> = {
    'chain-incomplete': {
      en: `Between your certificate and the authority an intermediate one is missing: name \`fullchain.pem\`, not \`cert.pem\`. ${settingsOf(door)} shows which it is.`,
      fr: `Entre votre certificat et l’autorité, il manque un certificat intermédiaire : donnez \`fullchain.pem\`, pas \`cert.pem\`. ${settingsOf(door)} montre lequel c’est.`,
    },
    'wrong-name': {
      en: 'Ask for one with the name that people’s mail programs use: `certbot certonly --standalone -d "$(hostname -f)"`. `certbot certificates` shows for which names you have one.',
      fr: 'Demandez-en un au nom qu’utilisent les logiciels de courrier : `certbot certonly --standalone -d "$(hostname -f)"`. `certbot certificates` montre pour quels noms vous en avez.',
    },
    expired: {
      en: 'Is a newer one on the disk? `certbot certificates`. Then the service still shows the old one: reload it.',
      fr: 'Y en a-t-il un plus récent sur le disque ? `certbot certificates`. Alors le service montre encore l’ancien : rechargez-le.',
    },
    'not-trusted': {
      en: `${settingsOf(door)} shows which certificate it is; snakeoil is Debian’s own, signed by the machine itself. After a change, reload the service.`,
      fr: `${settingsOf(door)} montre quel certificat c’est ; snakeoil est celui de Debian, signé par la machine elle-même. Après un changement, rechargez le service.`,
    },
  }
  return fail(kind, {
    expected: trusted,
    observed: {
      en: `Port ${door.port} shows a certificate for ${names}, valid until ${validTo}, that can’t be verified: ${why}`,
      fr: `Le port ${door.port} montre un certificat pour ${names}, valable jusqu’au ${validTo}, qui ne se vérifie pas : ${why}`,
    },
    next: next[kind],
  })
}

interface Look {
  door: Door
  seen: Seen
}

export const differs = (one: Look, other: Look): Fail =>
  fail('old-served', {
    expected: {
      en: 'All doors show the same certificate, the newest.',
      fr: 'Toutes les portes montrent le même certificat, le plus récent.',
    },
    observed: {
      en: `Port ${one.door.port} shows one of ${one.seen.validFrom}, port ${other.door.port} one of ${other.seen.validFrom}.`,
      fr: `Le port ${one.door.port} en montre un du ${one.seen.validFrom}, le port ${other.door.port} un du ${other.seen.validFrom}.`,
    },
    next: {
      en: 'One of the services still has an old one in memory, or reads a copy: reload both, then see whether both name the same file.',
      fr: 'L’un des services garde l’ancien en mémoire, ou lit une copie : rechargez les deux, puis voyez si tous deux nomment le même fichier.',
    },
  })

const renews: Text = {
  en: 'A job of the machine asks for a new certificate in time.',
  fr: 'Une tâche de la machine demande à temps un nouveau certificat.',
}

export const noJob = (passedOver: string[]): Fail => {
  const over = some(passedOver)
  return fail('no-renewal', {
    expected: renews,
    observed: passedOver.length
      ? {
          en: `The only job that could be meant is passed over by cron: ${over.en}`,
          fr: `La seule tâche qui pourrait servir est ignorée par cron : ${over.fr}`,
        }
      : {
          en: 'No line of a crontab and no file of /etc/cron.* renews certificates.',
          fr: 'Aucune ligne de crontab et aucun fichier de /etc/cron.* ne renouvelle de certificat.',
        },
    next: passedOver.length
      ? {
          en: '`run-parts` wants files that are executable and have no dot in their name: `run-parts --test /etc/cron.daily` lists what it would run.',
          fr: '`run-parts` veut des fichiers exécutables et sans point dans leur nom : `run-parts --test /etc/cron.daily` montre ce qu’il lancerait.',
        }
      : {
          en: 'Debian’s certbot brings `/etc/cron.d/certbot`; for another client write such a line yourself.',
          fr: 'Le certbot de Debian apporte `/etc/cron.d/certbot` ; pour un autre client, écrivez vous-même une telle ligne.',
        },
  })
}

export const noCron = (): Fail =>
  fail('no-cron', {
    expected: renews,
    observed: {
      en: 'The job is there, but cron does not run.',
      fr: 'La tâche est là, mais cron ne tourne pas.',
    },
    next: {
      en: '`service cron start`, then `service cron status`.',
      fr: '`service cron start`, puis `service cron status`.',
    },
  })

export const notFound = (jobs: string[]): Fail =>
  fail('not-on-disk', {
    expected: renews,
    observed: {
      en: `There is a job (${jobs[0]}), but the certificate that the doors show is nowhere on the disk with its key.`,
      fr: `Il y a une tâche (${jobs[0]}), mais le certificat que montrent les portes n’est nulle part sur le disque avec sa clef.`,
    },
    next: {
      en: 'After the certificate was renewed by hand, the services were not reloaded: reload both.',
      fr: 'Après un renouvellement à la main, les services n’ont pas été rechargés : rechargez les deux.',
    },
  })

export const oldServed = (ports: number[], doors: Look[], renewal: Renewal): Fail => {
  const all = ports.length === doors.length
  return fail(all ? 'old-served' : 'not-reloaded', {
    expected: {
      en: `The certificate on the disk was made to end in an hour, and what cron would run was run (${renewal.jobs[0]}): then all doors show a new one.`,
      fr: `Le certificat sur le disque a été mis à une heure de sa fin, et ce que cron lancerait a été lancé (${renewal.jobs[0]}) : toutes les portes montrent alors un nouveau certificat.`,
    },
    observed: {
      en: `Port ${ports.join(', ')} still shows the one of before.`,
      fr: `Le port ${ports.join(', ')} montre encore celui d’avant.`,
    },
    next: all
      ? {
          en: 'Was there a new one? `certbot certificates`, `tail /var/log/letsencrypt/letsencrypt.log`. If so, nobody told the services: put an executable file with two reloads into `/etc/letsencrypt/renewal-hooks/deploy/`. And a copy elsewhere stays the old one.',
          fr: 'Y en a-t-il eu un nouveau ? `certbot certificates`, `tail /var/log/letsencrypt/letsencrypt.log`. Si oui, personne ne l’a dit aux services : mettez un fichier exécutable avec deux rechargements dans `/etc/letsencrypt/renewal-hooks/deploy/`. Et une copie ailleurs reste l’ancienne.',
        }
      : {
          en: 'One of the two services is not told: the hook needs `service postfix reload` and `service dovecot reload`.',
          fr: 'L’un des deux services n’est pas prévenu : il faut `service postfix reload` et `service dovecot reload` dans le script de `/etc/letsencrypt/renewal-hooks/deploy/`.',
        },
    transcript: renewal.output,
  })
}

export const allWell = (doors: Look[], { validTo }: Seen) => {
  const ports = doors.map(({ door }) => door.port).join(', ')
  return pass({
    en: `Ports ${ports} show a certificate that the lab trusts, until ${validTo}. It was seen to be renewed, and the services showed the new one.`,
    fr: `Les ports ${ports} montrent un certificat que le labo reconnaît, jusqu’au ${validTo}. Son renouvellement a été vu, et les services ont montré le nouveau.`,
  })
}
