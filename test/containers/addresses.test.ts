import { expect, test } from 'vitest'
import { EVENTS, houseAddress, internetAddress, machineAddresses, SLOTS } from '../../containers/addresses.ts'
import { doorsSchema } from '../../containers/internet/bodies.ts'
import { labNet } from '../../containers/internet/env.ts'

test.each([0, 63, 64, EVENTS - 1])(
  'in event %i each participant has a house that is nobody else’s',
  index => {
    const slots = Array.from({ length: SLOTS }, (_, slot) => machineAddresses(index, slot))
    const houses = slots.map(({ server }) => houseAddress(server.ipv4))
    const machines = slots.flatMap(({ server, desk }) => [server.ipv4, desk.ipv4])
    for (const { ipv6 } of slots.flatMap(({ server, desk }) => [server, desk]))
      expect(new URL(`http://[${ipv6}]`).hostname, 'written as tools write it').toBe(`[${ipv6}]`)
    expect(new Set([...houses, ...machines]).size).toBe(3 * SLOTS)

    const { ipv4, ipv6 } = internetAddress(index)
    const net = labNet({
      LAB_IPV4: ipv4,
      LAB_IPV6: ipv6,
      LAB_SUBNET4: ipv4.replace(/\d+$/, '0/22'),
      LAB_SUBNET6: ipv6.replace(/\w+$/, '/64'),
    })
    const fits = (address: string) =>
      doorsSchema(net).safeParse({ address, certificate: 'lilas.sureau.test', doors: [] }).success
    expect(houses.every(fits)).toBe(true)
    expect(machines.some(fits)).toBe(false)
  },
)
