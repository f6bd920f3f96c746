/** Whose the internet's own addresses are. */
import type { LabNet } from './env.ts'
import { PLACES, type Place } from './places.ts'

/** The place of each address, IPv4 and IPv6. */
export const inhabitantsOf = (net: LabNet): ReadonlyMap<string, Place> =>
  new Map(
    (Object.keys(PLACES) as Place[]).flatMap(place =>
      Object.values(net.at(place)).map((address): [string, Place] => [address, place]),
    ),
  )

/** Both of the spammers' places are theirs. */
export const domainAt = (place: Place): string => (place === 'pourriel2' ? 'pourriel.test' : `${place}.test`)
