/** Step 6's cast, from any seed: nobody gets in the way of another's part. */
import { expect, it } from 'vitest'
import { labFacts } from '../checker/facts.ts'
import { accountsOf } from '../labs/05-fifty-users/start/accounts.ts'
import { invitedOf, moverOf, trapsOf, writerOf } from '../labs/06-being-accepted/start/people.ts'

const facts = (n: number) =>
  labFacts({
    event: 'e',
    participant: 'you',
    domain: 'you.test',
    host: 'mail.you.test',
    step: '06',
    seed: n.toString(16).padStart(32, '0'),
    address: { server: { ipv4: '', ipv6: '' }, desk: { ipv4: '', ipv6: '' } },
  })

it('gives each provider’s writers and the mover to different people, all of them members', () => {
  for (let n = 1; n < 300; n++) {
    const lab = facts(n)
    const grosmail = ['spf', 'reverse-names', 'dkim', 'dmarc', 'outgoing-gateway', 'no-backscatter'] as const
    const logins = [...grosmail.map(task => writerOf(lab, task)), moverOf(lab)].map(({ login }) => login)
    expect(new Set(logins).size).toBe(logins.length)
    const members = new Set(accountsOf(lab).people.map(({ login }) => login))
    expect(logins.filter(login => !members.has(login))).toEqual([])
  }
})

it('invites sixty people, each once, and writes to traps that the blocklist knows', () => {
  const lab = facts(7)
  expect(new Set(invitedOf(lab)).size).toBe(60)
  expect(invitedOf(facts(8))).not.toEqual(invitedOf(lab))
  for (const trap of trapsOf(lab)) expect(trap).toMatch(/^trap-[0-9a-z]{6}@copine\.test$/)
})
