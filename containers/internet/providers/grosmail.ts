import { COMMON, type Provider } from './provider.ts'

/**
 * The big provider, where most of the people live whom one's users write to. Codes as Google's sender guidelines give
 * them (support.google.com/mail/answer/81126 and /a/answer/3726730, 2026-02); thresholds are of the lab's size.
 */
export const grosmail: Provider = {
  ...COMMON,
  name: 'grosmail',
  domain: 'grosmail.test',
  host: 'mx.grosmail.test',
  records: ['_dmarc TXT "v=DMARC1; p=none; rua=mailto:dmarc@grosmail.test"'],
  checks: ['mta-sts'],
  policy: {
    recipients: {
      most: 100,
      reply: { code: 452, enhanced: '4.5.3', text: 'Too many recipients for one message' },
    },
    strict: {
      reverse: {
        temporary: {
          code: 451,
          enhanced: '4.7.23',
          text: 'The reverse name of {address} cannot be looked up at the moment. Try again later',
        },
        permanent: {
          code: 550,
          enhanced: '5.7.25',
          text: '{address} has no PTR record, or its name does not lead back to it ({seen})',
        },
      },
      tls: { code: 550, enhanced: '5.7.29', text: 'Mail is taken over TLS 1.2 or newer only; seen: {seen}' },
      ipv6: {
        code: 550,
        enhanced: '5.7.1',
        text: 'Over IPv6, {address} needs a PTR record and the message SPF or DKIM ({seen})',
      },
      authentication: {
        need: 'any',
        reply: { code: 550, enhanced: '5.7.26', text: 'Unauthenticated: neither SPF nor DKIM pass ({seen})' },
        spf: { code: 550, enhanced: '5.7.27', text: 'SPF does not pass ({seen})' },
        dkim: { code: 550, enhanced: '5.7.30', text: 'DKIM does not pass ({seen})' },
        dmarc: { code: 550, enhanced: '5.7.26', text: 'DMARC does not pass ({seen})' },
      },
      bulk: {
        from: 50,
        authentication: {
          code: 550,
          enhanced: '5.7.26',
          text: 'Who sends this much needs SPF and DKIM, and the From in line with one of them ({seen})',
        },
        dmarc: { code: 550, enhanced: '5.7.40', text: 'Who sends this much needs a DMARC record ({seen})' },
        unsubscribe: {
          code: 550,
          enhanced: '5.7.1',
          text: 'A mailing of this size needs one-click unsubscribe (RFC 8058), signed by DKIM ({seen})',
        },
      },
    },
    dmarcReject: {
      code: 550,
      enhanced: '5.7.26',
      text: 'The domain of the From asks by its DMARC policy to refuse this message ({seen})',
    },
    format: { code: 550, enhanced: '5.7.1', text: 'The message is not as RFC 5322 wants it: {seen}' },
    spamTest: { code: 550, enhanced: '5.7.1', text: 'This message looks like spam' },
  },
}
