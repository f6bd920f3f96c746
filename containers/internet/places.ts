/**
 * Where the inhabitants of the lab internet live: the last number of their IPv4 and IPv6 address in an event's
 * subnets. One container answers for all of them, each at an address of its own, so that reputation, reverse names
 * and blocklists mean what they mean outside. The boot script of the image adds 3 to 15; machines begin at 16.
 */
export const PLACES = {
  /** Resolver, package mirror, the lab's own web pages. */
  resolver: 2,
  /** The authoritative name server and registrar: ns.nic.test. */
  names: 3,
  grosmail: 4,
  agrume: 5,
  fenetre: 6,
  copine: 7,
  /** Spammers have more than one address, or a block would end the lesson. */
  pourriel: 8,
  pourriel2: 9,
  /** The certificate authority: acme.nic.test. */
  authority: 10,
  /** The blocklists' page and delisting form: blocklist.test. */
  blocklist: 11,
  /** Shows a certificate that its domain's own promises don't cover: mx.imposteur.test. */
  impostor: 12,
  /** The outgoing gateway: smtp.relais.test. */
  relais: 13,
} as const

export type Place = keyof typeof PLACES
