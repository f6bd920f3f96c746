import type { Checks } from '../../checker/step.ts'
import { checkedTls } from './checks/checked-tls.ts'
import { dkim } from './checks/dkim.ts'
import { dmarc } from './checks/dmarc.ts'
import { noBackscatter } from './checks/no-backscatter.ts'
import { offTheBlocklist } from './checks/off-the-blocklist.ts'
import { outgoingGateway } from './checks/outgoing-gateway.ts'
import { reverseNames } from './checks/reverse-names.ts'
import { spf } from './checks/spf.ts'
import { threeASecond } from './checks/three-a-second.ts'

export const checks: Checks = {
  spf,
  'reverse-names': reverseNames,
  dkim,
  dmarc,
  'three-a-second': threeASecond,
  'off-the-blocklist': offTheBlocklist,
  'no-backscatter': noBackscatter,
  'checked-tls': checkedTls,
  'outgoing-gateway': outgoingGateway,
}
