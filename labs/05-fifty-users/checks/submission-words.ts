/** What `submission` says. */
import type { Reply } from '../../../checker/probes/types.ts'
import type { Text } from '../../../checker/step.ts'
import { type Fail, fail, pass } from './say.ts'
import type { Door } from './submission.ts'

const line = (reply: Reply) =>
  `${reply.code} ${reply.enhanced} ${reply.text}`.replace(/\s+/g, ' ').slice(0, 200)
const service = (door: Door) => (door.port === 587 ? 'submission' : 'submissions')

export const doorIsShut = (door: Door): Text => ({
  en: `\`postconf -M ${service(door)}/inet\` must show a line. After a change in master.cf: \`service postfix reload\`.`,
  fr: `\`postconf -M ${service(door)}/inet\` doit montrer une ligne. Après un changement dans master.cf : \`service postfix reload\`.`,
})

export const doorWithoutTls = (door: Door): Text => ({
  en: `\`postconf -P ${service(door)}/inet\` shows this door’s settings: \`smtpd_tls_wrappermode=yes\` on 465, \`smtpd_tls_security_level=encrypt\` on 587. And is there a certificate? \`postconf smtpd_tls_cert_file\`.`,
  fr: `\`postconf -P ${service(door)}/inet\` montre les réglages de cette porte : \`smtpd_tls_wrappermode=yes\` sur 465, \`smtpd_tls_security_level=encrypt\` sur 587. Et y a-t-il un certificat ? \`postconf smtpd_tls_cert_file\`.`,
})

/** A mistake in a door's settings ends its process at each connection; the client sees silence or a closed line. */
export const doorHangsUp: Text = {
  en: 'The program behind this door ends as soon as it starts; it says why in the log: `grep -E "fatal|warning" /var/log/mail.log | tail`. Often it can’t open Dovecot’s socket: `ls -l /var/spool/postfix/private/auth`.',
  fr: 'Le programme derrière cette porte s’arrête à peine lancé ; il dit pourquoi dans le journal : `grep -E "fatal|warning" /var/log/mail.log | tail`. Souvent, il n’a pas accès au socket de Dovecot : `ls -l /var/spool/postfix/private/auth`.',
}

const fromInside = (door: Door): Text => ({
  en: `A member who logs in on port ${door.port} under TLS can write to grosmail.test.`,
  fr: `Une personne connectée sur le port ${door.port} sous TLS peut écrire à grosmail.test.`,
})

export const noAuth = (door: Door, transcript: string): Fail =>
  fail('no-auth', {
    expected: fromInside(door),
    observed: {
      en: `Under TLS, port ${door.port} doesn’t offer AUTH: nobody can log in.`,
      fr: `Sous TLS, le port ${door.port} ne propose pas AUTH : personne ne peut se connecter.`,
    },
    next: {
      en: `\`postconf -P ${service(door)}/inet/smtpd_sasl_auth_enable\` must say \`yes\`.`,
      fr: `\`postconf -P ${service(door)}/inet/smtpd_sasl_auth_enable\` doit dire \`yes\`.`,
    },
    transcript,
  })

export const loginRefused = (door: Door, login: string, reply: Reply, transcript: string): Fail =>
  fail('login-refused', {
    expected: fromInside(door),
    observed: {
      en: `${login} and the password of /root/accounts.csv got: ${line(reply)}`,
      fr: `${login} et le mot de passe de /root/accounts.csv ont obtenu : ${line(reply)}`,
    },
    next: {
      en: 'Does Postfix reach Dovecot? `postconf smtpd_sasl_type smtpd_sasl_path` says `dovecot` and `private/auth`, and `ls -l /var/spool/postfix/private/auth` shows a socket of postfix.',
      fr: 'Postfix trouve-t-il Dovecot ? `postconf smtpd_sasl_type smtpd_sasl_path` dit `dovecot` et `private/auth`, et `ls -l /var/spool/postfix/private/auth` montre un socket à postfix.',
    },
    transcript,
  })

export const refused = (door: Door, to: string, reply: Reply, transcript: string): Fail =>
  fail('refused', {
    expected: fromInside(door),
    observed: {
      en: `The login worked, but writing to ${to} was refused: ${line(reply)}`,
      fr: `La connexion a réussi, mais écrire à ${to} est refusé : ${line(reply)}`,
    },
    next: {
      en: `\`permit_sasl_authenticated\` must come before any \`reject\`: \`postconf -P ${service(door)}/inet\`.`,
      fr: `\`permit_sasl_authenticated\` doit venir avant tout \`reject\` : \`postconf -P ${service(door)}/inet\`.`,
    },
    transcript,
  })

export const notArrived = (door: Door, to: string, log: string): Fail =>
  fail('not-arrived', {
    expected: {
      en: `What is sent through port ${door.port} arrives at grosmail.test.`,
      fr: `Ce qui part par le port ${door.port} arrive chez grosmail.test.`,
    },
    observed: {
      en: `The server took the message for ${to}, but grosmail.test didn’t get it.`,
      fr: `Le serveur a pris le message pour ${to}, mais grosmail.test ne l’a pas reçu.`,
    },
    next: {
      en: '`mailq` says why it waits; in /var/log/mail.log, `postfix/smtp` tells each try. `postconf relayhost` should be empty.',
      fr: '`mailq` dit pourquoi il attend ; dans /var/log/mail.log, `postfix/smtp` raconte chaque essai. `postconf relayhost` devrait être vide.',
    },
    transcript: log,
  })

export const clearAuth = (mechanisms: readonly string[], transcript: string): Fail =>
  fail('clear-auth', {
    expected: {
      en: 'Port 587 takes no password before STARTTLS: no AUTH is offered, and all else gets 530.',
      fr: 'Avant STARTTLS, le port 587 ne prend aucun mot de passe : pas d’AUTH, et 530 pour tout le reste.',
    },
    observed: {
      en: `Without TLS, it takes AUTH ${mechanisms.join(' ')}: passwords would cross the network in clear.`,
      fr: `Sans TLS, il accepte AUTH ${mechanisms.join(' ')} : les mots de passe traverseraient le réseau en clair.`,
    },
    next: {
      en: '`postconf -P submission/inet/smtpd_tls_security_level` must say `encrypt`, and `postconf smtpd_tls_auth_only` `yes`.',
      fr: '`postconf -P submission/inet/smtpd_tls_security_level` doit dire `encrypt`, et `postconf smtpd_tls_auth_only`, `yes`.',
    },
    transcript,
  })

export const authOn25 = (mechanisms: readonly string[], transcript: string): Fail =>
  fail('auth-on-25', {
    expected: {
      en: 'Port 25 is for other servers: it asks for no login in clear text.',
      fr: 'Le port 25 est pour les autres serveurs : il ne demande aucun mot de passe en clair.',
    },
    observed: {
      en: `Port 25 offers AUTH ${mechanisms.join(' ')} without TLS: an invitation for those who guess passwords.`,
      fr: `Le port 25 propose AUTH ${mechanisms.join(' ')} sans TLS : une invitation à deviner des mots de passe.`,
    },
    next: {
      en: 'Switch AUTH on in master.cf for the two doors of your members only; `postconf smtpd_sasl_auth_enable` says `no`.',
      fr: 'Activez AUTH dans master.cf, seulement pour les deux portes des membres ; `postconf smtpd_sasl_auth_enable` dit `no`.',
    },
    transcript,
  })

export const strangerSends = (door: Door, to: string, transcript: string): Fail =>
  fail('relay-without-login', {
    expected: {
      en: `On port ${door.port}, whoever hasn’t logged in sends nothing to the world.`,
      fr: `Sur le port ${door.port}, sans connexion, rien ne part vers le monde.`,
    },
    observed: {
      en: `Without a login, a message to ${to} was accepted: an open relay.`,
      fr: `Sans connexion, un message pour ${to} a été accepté : c’est un relais ouvert.`,
    },
    next: {
      en: `\`postconf -P ${service(door)}/inet\`: this door’s restrictions end with \`permit_sasl_authenticated,reject\`.`,
      fr: `\`postconf -P ${service(door)}/inet\` : les restrictions de cette porte finissent par \`permit_sasl_authenticated,reject\`.`,
    },
    transcript,
  })

export const wrongAccepted = (login: string, transcript: string): Fail =>
  fail('wrong-password-accepted', {
    expected: { en: 'A wrong password gets 535.', fr: 'Un mauvais mot de passe obtient 535.' },
    observed: {
      en: `${login} was let in with a password that we made up.`,
      fr: `${login} est entré avec un mot de passe inventé.`,
    },
    next: {
      en: 'Look at `doveconf passdb`: `pam` asks the system; a static one with `nopassword` asks nobody.',
      fr: 'Regardez `doveconf passdb` : `pam` interroge le système ; un « static » avec `nopassword` n’interroge personne.',
    },
    transcript,
  })

export const wrongReply = (reply: Reply, transcript: string): Fail =>
  fail('wrong-password-reply', {
    expected: {
      en: 'A wrong password gets 535: the mail program then asks for the right one.',
      fr: 'Un mauvais mot de passe obtient 535 : le logiciel de courrier redemande alors le bon.',
    },
    observed: {
      en: `A password that we made up got: ${line(reply)}`,
      fr: `Un mot de passe inventé a obtenu : ${line(reply)}`,
    },
    next: {
      en: 'Postfix passes on what Dovecot says: `grep -E "SASL|auth" /var/log/mail.log | tail` shows what broke. A 4xx mostly means that Dovecot didn’t answer: `service dovecot status`.',
      fr: 'Postfix transmet ce que dit Dovecot : `grep -E "SASL|auth" /var/log/mail.log | tail` montre ce qui a cassé. Un 4xx veut dire, le plus souvent, que Dovecot n’a pas répondu : `service dovecot status`.',
    },
    transcript,
  })

export const allWell = (login: string) =>
  pass({
    en: `${login} wrote to grosmail.test through 587 and 465. Without TLS there is no AUTH, without a login nothing leaves, a wrong password gets 535.`,
    fr: `${login} a écrit à grosmail.test par 587 et par 465. Sans TLS, pas d’AUTH ; sans connexion, rien ne part ; un mauvais mot de passe obtient 535.`,
  })
