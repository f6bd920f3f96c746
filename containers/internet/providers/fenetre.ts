import { COMMON, type Provider } from './provider.ts'

/**
 * A provider that goes by the reputation of addresses: blocklist first, then the rest. Codes in the manner of
 * Outlook.com (requirements for high-volume senders, 2025-05; postmaster.live.com).
 */
export const fenetre: Provider = {
  ...COMMON,
  name: 'fenetre',
  domain: 'fenetre.test',
  host: 'mx.fenetre.test',
  records: ['_dmarc TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@fenetre.test"'],
  checks: ['dane', 'mta-sts'],
  policy: {
    connections: {
      most: 20,
      reply: { code: 421, enhanced: '4.7.0', text: 'Too many connections from {address}. RP-003' },
    },
    blocklist: {
      zone: 'bl.blocklist.test',
      reply: {
        code: 550,
        enhanced: '5.7.1',
        text: 'Messages from {address} are not taken: it is on our block list (S3150). See http://blocklist.test/{address}',
      },
    },
    recipients: { most: 100, reply: { code: 452, enhanced: '4.5.3', text: 'Too many recipients' } },
    strict: {
      reverse: {
        temporary: {
          code: 451,
          enhanced: '4.7.25',
          text: 'The reverse name of {address} cannot be looked up (S775)',
        },
        permanent: {
          code: 550,
          enhanced: '5.7.25',
          text: '{address} has no valid reverse name ({seen}). DY-001',
        },
      },
      ipv6: { code: 550, enhanced: '5.7.26', text: 'Over IPv6, SPF or DKIM has to pass ({seen})' },
      bulk: {
        from: 50,
        authentication: {
          code: 550,
          enhanced: '5.7.515',
          text: 'Access denied: the domain of the From does not meet the required level of authentication ({seen})',
        },
        dmarc: {
          code: 550,
          enhanced: '5.7.515',
          text: 'Access denied: the domain has no DMARC record ({seen})',
        },
      },
    },
    dmarcReject: {
      code: 550,
      enhanced: '5.7.509',
      text: 'Access denied: the DMARC policy is reject ({seen})',
    },
    spamTest: { code: 550, enhanced: '5.7.1', text: 'Content rejected. SC-001' },
  },
}
