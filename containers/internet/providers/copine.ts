import { COMMON, type Provider } from './provider.ts'

/** A friendly small provider: one's own size, careful, greylisting, and strict about its own name. */
export const copine: Provider = {
  ...COMMON,
  name: 'copine',
  domain: 'copine.test',
  host: 'mx.copine.test',
  records: ['_dmarc TXT "v=DMARC1; p=reject; adkim=s; aspf=s; rua=mailto:dmarc@copine.test"'],
  checks: ['dane', 'mta-sts'],
  promises: true,
  policy: {
    greylist: {
      seconds: 15,
      reply: {
        code: 451,
        enhanced: '4.7.1',
        text: 'Greylisted: we do not know you yet. Come again in {seconds} seconds',
      },
    },
    recipients: { most: 50, reply: { code: 452, enhanced: '4.5.3', text: 'Too many recipients' } },
    strict: {
      helo: { code: 550, enhanced: '5.7.1', text: 'EHLO needs a full host name that exists; seen: {seen}' },
    },
    dmarcReject: {
      code: 550,
      enhanced: '5.7.1',
      text: 'Refused as the DMARC policy of the From asks ({seen})',
    },
    spamTest: { code: 554, enhanced: '5.7.1', text: 'Refused: spam' },
  },
}
