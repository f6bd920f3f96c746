import type { Probes, Reply } from '../../../checker/probes/types.ts'
import type { Check } from '../../../checker/step.ts'
import type { Person } from '../start/accounts.ts'
import { castOf } from '../start/cast.ts'
import { forget } from './copies.ts'
import { type Fail, inTurns } from './say.ts'
import * as say from './sender-words.ts'
import { DOORS, type Door, through } from './submission.ts'

const WIDTH = 4

export interface Try {
  door: Door
  as: Person
  from: string
  /** Why the person may, or may not, write from there. */
  kind: 'own' | 'second' | 'shared' | 'another' | 'not-theirs' | 'office' | 'elsewhere'
}

export type Heard = Try & { reply: Reply }

/** Who is logged in writes from their own addresses and from no others, whichever door they came by. */
export const nobodyWritesAsAnother: Check = async probes => {
  const canary = probes.canary()
  const groups = DOORS.flatMap(door => groupsOf(probes, door, canary))
  try {
    const said = await inTurns(groups, WIDTH, tries => attempt(probes, tries, canary))
    const broken = said.find(one => 'status' in one)
    if (broken && 'status' in broken) return broken
    const heard = said.flat() as Heard[]
    const may = (one: Try) => ['own', 'second', 'shared'].includes(one.kind)
    // What is refused wrongly comes first: whoever refuses everybody has forbidden nothing yet.
    const refused = heard.find(one => may(one) && one.reply.code >= 400)
    if (refused) return say.refused(refused)
    const passed = heard.filter(one => !may(one) && one.reply.code < 400)
    return passed.length ? say.forged(passed) : say.allWell(heard)
  } finally {
    await forget(probes, canary)
  }
}

/** What each person tries at a door, over one connection. */
function groupsOf(probes: Probes, door: Door, canary: string): Try[][] {
  const { domain } = probes.lab
  const { honest, role, group } = castOf(probes.lab)
  const start = Number.parseInt(canary.slice(-6), 16)
  const others = honest.filter(one => one !== role.person && !group.people.includes(one))
  const [me, them] = [others[start % others.length], others[(start + 1) % others.length]]
  const member = group.people[start % group.people.length]
  if (!me || !them || !member) throw new TypeError('an association without people')
  const at = (local: string) => `${local}@${domain}`
  return [
    [
      { door, as: me, from: at(me.login), kind: 'own' },
      { door, as: me, from: at(them.login), kind: 'another' },
      { door, as: me, from: at(them.login.toUpperCase()), kind: 'another' },
      { door, as: me, from: at(role.address), kind: 'not-theirs' },
      { door, as: me, from: at(group.address), kind: 'not-theirs' },
      { door, as: me, from: at('postmaster'), kind: 'office' },
      { door, as: me, from: 'lucie.moreau@grosmail.test', kind: 'elsewhere' },
    ],
    [{ door, as: role.person, from: at(role.address), kind: 'second' }],
    [{ door, as: member, from: at(group.address), kind: 'shared' }],
  ]
}

/** The replies that decided: to a whole message, or the first refusal. */
function attempt(probes: Probes, tries: Try[], canary: string): Promise<Heard[] | Fail> {
  const [{ door, as } = {} as Try] = tries
  return through<Heard[] | Fail>(
    door,
    probes.smtp.session(door, async session => {
      const answer = await session.login(as.login, as.password)
      if (answer.code !== 235) return say.loginRefused(door, as.login, answer, session.transcript)
      const heard: Heard[] = []
      for (const one of tries) {
        const to = `someone-${canary.slice(-8)}@grosmail.test`
        const head = `From: <${one.from}>\nTo: <${to}>\nSubject: ${canary}\nDate: ${new Date().toUTCString()}`
        const message = `${head}\nMessage-ID: <${canary}@${probes.lab.domain}>\n\nHello\n`
        heard.push({ ...one, reply: await session.send({ from: one.from, to: [to] }, message) })
      }
      return heard
    }),
  )
}
