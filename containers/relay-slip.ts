/** The slip that says how to send through the gateway relais.test: a shell can read it as well as a person. */
import type { Lab } from './types.ts'

/** The login at the gateway: `you@relais.test`. */
export const relayUser = ({ participant }: Pick<Lab, 'participant'>): string => `${participant}@relais.test`

export const relaySlip = (lab: Pick<Lab, 'participant' | 'domain'>, password: string): string =>
  [
    '# The outgoing gateway relais.test takes mail of your own domain, and delivers it from its own address.',
    '# La passerelle de sortie relais.test prend le courrier de votre domaine et le remet depuis sa propre adresse.',
    '# Port 587 with STARTTLS, or 465 with TLS. SPF: include:relais.test',
    '# Port 587 avec STARTTLS, ou 465 en TLS. SPF : include:relais.test',
    'RELAY_HOST=smtp.relais.test',
    `RELAY_DOMAIN=${lab.domain}`,
    `RELAY_USER=${relayUser(lab)}`,
    `RELAY_PASSWORD=${password}`,
    '',
  ].join('\n')
