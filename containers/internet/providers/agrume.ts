import { COMMON, type Provider } from './provider.ts'

/**
 * An access provider's mail: authentication of everybody at any volume, and no haste. Codes in the manner of Orange
 * (postmaster.orange.fr, 2026-05): two connections an address, and three messages a second.
 */
export const agrume: Provider = {
  ...COMMON,
  name: 'agrume',
  domain: 'agrume.test',
  host: 'mx.agrume.test',
  records: ['_dmarc TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@agrume.test"'],
  checks: [],
  policy: {
    connections: {
      most: 2,
      reply: {
        code: 421,
        enhanced: '4.7.0',
        text: 'Too many connections at once from {address}: two are taken. AGR_104',
      },
    },
    rate: {
      most: 3,
      reply: {
        code: 421,
        enhanced: '4.7.0',
        text: 'Too fast: three messages a second are taken. Slow down. AGR_109',
      },
    },
    recipients: { most: 100, reply: { code: 452, enhanced: '4.5.3', text: 'Too many recipients. AGR_205' } },
    strict: {
      reverse: {
        temporary: { code: 421, enhanced: '4.7.1', text: 'The reverse name cannot be looked up. AGR_999' },
        permanent: {
          code: 550,
          enhanced: '5.7.25',
          text: '{address}: no valid reverse name ({seen}). AGR_107',
        },
      },
      helo: {
        code: 501,
        enhanced: '5.5.4',
        text: 'EHLO needs a full host name that exists; seen: {seen}. AGR_201',
      },
      authentication: {
        need: 'all',
        reply: { code: 550, enhanced: '5.7.1', text: 'SPF, DKIM and DMARC have to pass ({seen}). AGR_506' },
        spf: { code: 550, enhanced: '5.7.23', text: 'SPF does not pass ({seen}). AGR_515' },
        dkim: { code: 550, enhanced: '5.7.20', text: 'No DKIM signature that passes ({seen}). AGR_535' },
        dmarc: { code: 550, enhanced: '5.7.1', text: 'DMARC does not pass ({seen}). AGR_517' },
      },
    },
    dmarcReject: { code: 550, enhanced: '5.7.1', text: 'Refused as the DMARC policy asks ({seen}). AGR_517' },
    spamTest: { code: 550, enhanced: '5.2.0', text: 'Refused as spam. AGR_102' },
  },
}
