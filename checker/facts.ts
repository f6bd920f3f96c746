import { createHmac } from 'node:crypto'
import { houseAddress } from '../containers/addresses.ts'
import type { Lab } from '../containers/types.ts'
import type { LabFacts } from './step.ts'

/** What a step's files and checks may know of a lab. The same lab always gives the same facts and numbers. */
export function labFacts(lab: Lab): LabFacts {
  return {
    participant: lab.participant,
    domain: lab.domain,
    host: lab.host,
    address: lab.address,
    house: houseAddress(lab.address.server.ipv4),
    seed: lab.seed,
    random: purpose => randomStream(lab.seed, purpose),
  }
}

/**
 * Numbers in [0, 1) from HMAC-SHA256(seed, purpose, counter): a checker that restarts finds again what the start put
 * on the machine, and nobody guesses another participant's values from their own.
 */
function randomStream(seed: string, purpose: string): () => number {
  const key = Buffer.from(seed, 'hex')
  let block = Buffer.alloc(0)
  let counter = 0
  return () => {
    if (block.length < 8) {
      block = createHmac('sha256', key).update(`${purpose}\0${counter}`).digest()
      counter += 1
    }
    // 53 bits are what a double holds exactly; one more would round up to 1.
    const value = Number(block.readBigUInt64BE(0) >> 11n) / 2 ** 53
    block = block.subarray(8)
    return value
  }
}
