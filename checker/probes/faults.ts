/** The sentences of what can go wrong between a probe and a learner's server. */
import { quoted } from '../clean.ts'
import type { Text } from '../step.ts'
import { ProbeError } from './error.ts'

/** Where a probe looks: a name for the reader, not an address. */
export interface Target {
  host: string
  port: number
}

/** What the server was to do next, as the end of «no answer to …» and «the connection was closed during …». */
export type Awaited = Text

const answers = ({ host, port }: Target): Text => ({
  en: `${host} answers on port ${port}.`,
  fr: `${host} répond sur le port ${port}.`,
})

const look = (port: number): Text => ({
  en: `On the server, \`ss -ltnp 'sport = :${port}'\` shows who listens, and /var/log/mail.log what it says.`,
  fr: `Sur le serveur, \`ss -ltnp 'sport = :${port}'\` montre qui écoute, et /var/log/mail.log ce qu’il en dit.`,
})

export const refused = (target: Target, cause?: unknown): ProbeError =>
  new ProbeError(
    'refused',
    {
      expected: answers(target),
      observed: {
        en: `Nothing listens on port ${target.port}: the connection was refused.`,
        fr: `Rien n’écoute sur le port ${target.port} : la connexion a été refusée.`,
      },
      next: look(target.port),
    },
    cause,
  )

export const noConnection = (target: Target, seconds: number, cause?: unknown): ProbeError =>
  new ProbeError(
    'timeout',
    {
      expected: answers(target),
      observed: {
        en: `No connection to port ${target.port} within ${seconds} s: the server neither accepts nor refuses.`,
        fr: `Pas de connexion au port ${target.port} en ${seconds} s : le serveur n’accepte ni ne refuse.`,
      },
      next: look(target.port),
    },
    cause,
  )

export const silent = (target: Target, seconds: number, awaited: Awaited): ProbeError =>
  new ProbeError('timeout', {
    expected: answers(target),
    observed: {
      en: `No answer on port ${target.port} within ${seconds} s, waiting for ${awaited.en}.`,
      fr: `Pas de réponse sur le port ${target.port} en ${seconds} s, dans l’attente de : ${awaited.fr}.`,
    },
    next: look(target.port),
  })

export const closed = (target: Target, awaited: Awaited, cause?: unknown): ProbeError =>
  new ProbeError(
    'closed',
    {
      expected: answers(target),
      observed: {
        en: `The server closed the connection on port ${target.port} before ${awaited.en}.`,
        fr: `Le serveur a fermé la connexion sur le port ${target.port} avant ${awaited.fr}.`,
      },
      next: look(target.port),
    },
    cause,
  )

export const tlsFailed = (target: Target, why: string, cause?: unknown): ProbeError =>
  new ProbeError(
    'tls',
    {
      expected: {
        en: `${target.host} completes a TLS handshake on port ${target.port}.`,
        fr: `${target.host} mène à bien une négociation TLS sur le port ${target.port}.`,
      },
      observed: {
        en: `The TLS handshake on port ${target.port} failed: ${quoted(why)}`,
        fr: `La négociation TLS sur le port ${target.port} a échoué : ${quoted(why)}`,
      },
    },
    cause,
  )

export const noStartTls = (target: Target): ProbeError =>
  new ProbeError('tls', {
    expected: {
      en: `${target.host} offers STARTTLS on port ${target.port}.`,
      fr: `${target.host} propose STARTTLS sur le port ${target.port}.`,
    },
    observed: {
      en: `STARTTLS is not offered on port ${target.port}, or was refused.`,
      fr: `STARTTLS n’est pas proposé sur le port ${target.port}, ou a été refusé.`,
    },
  })

export const protocol = (target: Target, seen: Text, cause?: unknown): ProbeError =>
  new ProbeError(
    'protocol',
    {
      expected: {
        en: `${target.host} keeps to the protocol on port ${target.port}.`,
        fr: `${target.host} respecte le protocole sur le port ${target.port}.`,
      },
      observed: { en: quoted(seen.en, 500), fr: quoted(seen.fr, 500) },
    },
    cause,
  )

/** Something of the course's own broke; `detail` is for those who keep it. */
export const ours = (detail: string, cause?: unknown): ProbeError =>
  new ProbeError(
    'ours',
    {
      expected: { en: 'The checker does its work.', fr: 'Le vérificateur fait son travail.' },
      observed: { en: quoted(detail, 500), fr: quoted(detail, 500) },
    },
    cause,
  )
