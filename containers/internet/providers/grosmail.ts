import type { Provider } from './provider.ts'

/** The big provider: where most of the people live whom one's users write to. */
export const grosmail: Provider = {
  name: 'grosmail',
  domain: 'grosmail.test',
  host: 'mx.grosmail.test',
  maxSize: 10_000_000,
  localPart: /^[a-z0-9._+-]{1,64}$/,
  unknown: new Set(['nobody-here', 'no-such-user', 'unknown']),
}
