import { describe, expect, it } from 'vitest'
import { t } from '../../site/src/i18n/index.ts'
import { draw, waypoints } from '../../site/src/pictures/draw.ts'
import { scenes } from '../../site/src/pictures/index.ts'
import { initialState, type Outcome, type Scene, type State } from '../../site/src/pictures/types.ts'

/** Every way in which the switches can stand. */
function states({ switches }: Scene): State[] {
  return switches.reduce<State[]>(
    (all, one) => {
      const values = one.kind === 'toggle' ? ['on', 'off'] : one.options.map(({ id }) => id)
      return all.flatMap(state => values.map(value => ({ ...state, [one.id]: value })))
    },
    [{}],
  )
}

function outcome(name: string, state: State): Outcome {
  const scene = scenes[name]
  if (!scene) throw new Error(`no picture ${name}`)
  return scene.decide({ ...initialState(scene), ...state })
}
const passes = (of: Outcome) => of.route.every(({ how }) => how !== 'shut')

describe.each(Object.values(scenes))('the picture $id', scene => {
  it('knows what becomes of the envelope however the switches stand', () => {
    for (const state of states(scene)) {
      const of = scene.decide(state)
      expect(of.route.length).toBeGreaterThan(0)
      // What is stopped goes no further.
      expect(of.route.slice(0, -1).some(({ how }) => how === 'shut')).toBe(false)
      for (const text of [of.says.en, of.says.fr, of.reply]) expect(text).not.toMatch(/undefined|^$/)
      expect(of.says.en).not.toBe(of.says.fr)
      for (const lang of ['en', 'fr'] as const)
        expect(draw(scene, of, lang, t(lang).picture)).not.toMatch(/undefined|NaN/)
      for (const [x, y] of waypoints(scene, of)) {
        expect(x).toBeGreaterThan(0)
        expect(x).toBeLessThan(480)
        expect(y).toBeLessThan(scene.height)
      }
    }
  })

  it('has a switch that matters, each of them', () => {
    for (const { id } of scene.switches) {
      const matters = states(scene).some(state => {
        const others = states(scene).filter(other => other[id] !== state[id])
        const twin = others.find(other =>
          scene.switches.every(one => one.id === id || other[one.id] === state[one.id]),
        )
        return twin && JSON.stringify(scene.decide(state)) !== JSON.stringify(scene.decide(twin))
      })
      expect(matters, id).toBe(true)
    }
  })
})

describe('fetching mail', () => {
  it('from home needs no redirection; from elsewhere, that of the port in use', () => {
    expect(outcome('imap', { where: 'home' }).good).toBe(true)
    expect(outcome('imap', { where: 'away' }).reply).toContain('timed out')
    expect(outcome('imap', { where: 'away', redirect143: 'on' }).good).toBe(false)
    expect(outcome('imap', { where: 'away', redirect993: 'on' }).good).toBe(true)
    expect(outcome('imap', { where: 'away', redirect143: 'on', door: 'starttls' }).good).toBe(true)
  })
  it('in clear is refused by a strict server, and never good', () => {
    expect(outcome('imap', { where: 'home', door: 'clear' }).reply).toContain('PRIVACYREQUIRED')
    const open = outcome('imap', { where: 'home', door: 'clear', strict: 'off' })
    expect([passes(open), open.good]).toEqual([true, false])
  })
  it('with a wrong password is refused where everything else is right', () => {
    expect(outcome('imap', { where: 'home', password: 'off' }).reply).toContain('AUTHENTICATIONFAILED')
  })
})

describe('from server to server', () => {
  const open = { redirect: 'on' }
  it('mail needs an ISP, a router and a program that let port 25 through', () => {
    expect(outcome('smtp', open).good).toBe(true)
    expect(outcome('smtp', {}).route.at(-1)).toEqual({ leg: 'to-router', how: 'shut' })
    expect(outcome('smtp', { ...open, isp: 'off' }).route.at(-1)).toEqual({ leg: 'to-isp', how: 'shut' })
    expect(outcome('smtp', { ...open, listens: 'off' }).reply).toContain('refused')
  })
  it('leaves without a redirection, if the ISP lets port 25 out', () => {
    expect(outcome('smtp', { way: 'out' }).good).toBe(true)
    expect(outcome('smtp', { way: 'out', isp: 'off' }).route.at(-1)).toEqual({ leg: 'out-isp', how: 'shut' })
  })
  it('goes in clear where no TLS is offered, unless the other insists', () => {
    expect(outcome('smtp', { ...open, tls: 'off' }).route.every(({ how }) => how === 'clear')).toBe(true)
    expect(passes(outcome('smtp', { ...open, tls: 'off', insists: 'on' }))).toBe(false)
  })
})

describe('relaying', () => {
  it('is not at stake where the message is for one’s own people', () => {
    for (const who of ['home', 'away', 'stranger'])
      for (const policy of ['open', 'network', 'login'])
        expect(outcome('relay', { who, policy, to: 'here' }).good).toBe(true)
  })
  it('for strangers passes through an open server and a stolen password alone, and is never good', () => {
    for (const policy of ['open', 'network', 'login'])
      for (const password of ['on', 'off']) {
        const of = outcome('relay', { who: 'stranger', policy, password })
        expect(passes(of)).toBe(policy === 'open' || (policy === 'login' && password === 'on'))
        expect(of.good).toBe(!passes(of))
      }
  })
  it('from an infected machine inside passes wherever the network is trusted, and is never good', () => {
    for (const policy of ['open', 'network', 'login']) {
      const of = outcome('relay', { who: 'infected', policy })
      expect([passes(of), of.good]).toEqual([policy !== 'login', policy === 'login'])
    }
  })
  it('for members works from home where the network is trusted, and from anywhere with a password', () => {
    const good = (who: string, policy: string, password: string) =>
      outcome('relay', { who, policy, password }).good
    expect(good('home', 'network', 'off')).toBe(true)
    expect(good('away', 'network', 'on')).toBe(false)
    expect(good('away', 'login', 'on')).toBe(true)
    expect(good('home', 'login', 'off')).toBe(false)
  })
})

describe('TLS', () => {
  it('protects ways, not servers; a sealed message is closed to both', () => {
    const all = { submit: 'on', relay: 'on', fetch: 'on' }
    expect(outcome('tls', all)).toMatchObject({ good: true, readers: ['you', 'server', 'other', 'friend'] })
    expect(outcome('tls', { ...all, relay: 'off' }).good).toBe(false)
    expect(outcome('tls', { submit: 'off', relay: 'off', fetch: 'off', sealed: 'on' })).toMatchObject({
      good: true,
      readers: ['you', 'friend'],
    })
  })
})
