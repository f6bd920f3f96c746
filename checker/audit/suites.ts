/** Cipher suites, groups and signatures of TLS 1.2 and older by IANA's numbers, in the classes of internet.nl. */

/** Forward secrecy and authenticated encryption. */
const GOOD = {
  ECDHE_ECDSA_AES_256_GCM: 0xc02c,
  ECDHE_ECDSA_CHACHA20_POLY1305: 0xcca9,
  ECDHE_ECDSA_AES_128_GCM: 0xc02b,
  ECDHE_RSA_AES_256_GCM: 0xc030,
  ECDHE_RSA_CHACHA20_POLY1305: 0xcca8,
  ECDHE_RSA_AES_128_GCM: 0xc02f,
  DHE_RSA_AES_256_GCM: 0x009f,
  DHE_RSA_CHACHA20_POLY1305: 0xccaa,
  DHE_RSA_AES_128_GCM: 0x009e,
}

/** Forward secrecy, with a mode that needs care. */
const SUFFICIENT = {
  ECDHE_ECDSA_AES_256_CBC_SHA384: 0xc024,
  ECDHE_ECDSA_AES_256_CBC_SHA: 0xc00a,
  ECDHE_ECDSA_AES_128_CBC_SHA256: 0xc023,
  ECDHE_ECDSA_AES_128_CBC_SHA: 0xc009,
  ECDHE_RSA_AES_256_CBC_SHA384: 0xc028,
  ECDHE_RSA_AES_256_CBC_SHA: 0xc014,
  ECDHE_RSA_AES_128_CBC_SHA256: 0xc027,
  ECDHE_RSA_AES_128_CBC_SHA: 0xc013,
  DHE_RSA_AES_256_CBC_SHA256: 0x006b,
  DHE_RSA_AES_256_CBC_SHA: 0x0039,
  DHE_RSA_AES_128_CBC_SHA256: 0x0067,
  DHE_RSA_AES_128_CBC_SHA: 0x0033,
}

/** To be phased out, or never to be used: no forward secrecy, short blocks, RC4, export, anonymous, no encryption. */
const WEAK = {
  RSA_AES_256_GCM: 0x009d,
  RSA_AES_128_GCM: 0x009c,
  RSA_AES_256_CBC_SHA256: 0x003d,
  RSA_AES_256_CBC_SHA: 0x0035,
  RSA_AES_128_CBC_SHA256: 0x003c,
  RSA_AES_128_CBC_SHA: 0x002f,
  ECDHE_ECDSA_3DES_CBC_SHA: 0xc008,
  ECDHE_RSA_3DES_CBC_SHA: 0xc012,
  DHE_RSA_3DES_CBC_SHA: 0x0016,
  RSA_3DES_CBC_SHA: 0x000a,
  DHE_RSA_DES_CBC_SHA: 0x0015,
  RSA_DES_CBC_SHA: 0x0009,
  ECDHE_ECDSA_RC4_128_SHA: 0xc007,
  ECDHE_RSA_RC4_128_SHA: 0xc011,
  RSA_RC4_128_SHA: 0x0005,
  RSA_RC4_128_MD5: 0x0004,
  RSA_IDEA_CBC_SHA: 0x0007,
  RSA_SEED_CBC_SHA: 0x0096,
  RSA_EXPORT_RC4_40_MD5: 0x0003,
  RSA_EXPORT_DES40_CBC_SHA: 0x0008,
  DH_ANON_AES_256_GCM: 0x00a7,
  DH_ANON_AES_128_CBC_SHA: 0x0034,
  DH_ANON_RC4_128_MD5: 0x0018,
  ECDH_ANON_AES_256_CBC_SHA: 0xc019,
  ECDH_ANON_AES_128_CBC_SHA: 0xc018,
  ECDHE_ECDSA_NULL_SHA: 0xc006,
  ECDHE_RSA_NULL_SHA: 0xc010,
  RSA_NULL_SHA256: 0x003b,
  RSA_NULL_SHA: 0x0002,
  RSA_NULL_MD5: 0x0001,
}

export const good: readonly number[] = Object.values(GOOD)
export const sufficient: readonly number[] = Object.values(SUFFICIENT)
export const weak: readonly number[] = Object.values(WEAK)

const NAMES = new Map(Object.entries({ ...GOOD, ...SUFFICIENT, ...WEAK }).map(([name, id]) => [id, name]))

/** A suite's name without the common `TLS_`. */
export const suiteName = (id: number): string => NAMES.get(id) ?? `0x${id.toString(16).padStart(4, '0')}`

/** x25519, secp256r1, secp384r1, secp521r1, x448. */
export const groups: readonly number[] = [29, 23, 24, 25, 30]
/** secp160r1, secp192r1, secp224r1, and curves over binary fields. */
export const weakGroups: readonly number[] = [16, 19, 21, 1, 3, 6, 9, 11, 13]

/** Of ECDSA and RSA with SHA-256 and longer. */
export const signatures: readonly number[] = [
  0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601,
]
/** With SHA-1 and MD5. */
export const weakSignatures: readonly number[] = [0x0203, 0x0201, 0x0101]
