import { describe, expect, it } from 'vitest'
import { labFacts } from '../../checker/facts.ts'
import { lab } from './lab.ts'

const numbers = (seed: string, purpose: string, count = 6) => {
  const random = labFacts({ ...lab, seed }).random(purpose)
  return Array.from({ length: count }, random)
}

describe('the random numbers of a lab', () => {
  it('are the same for the same seed and purpose, on every machine and in every version', () => {
    expect(numbers(lab.seed, 'users')).toEqual(numbers(lab.seed, 'users'))
    expect(numbers(lab.seed, 'users', 2)).toMatchInlineSnapshot(`
      [
        0.44171016504624294,
        0.772737189304955,
      ]
    `)
  })

  it('differ with the seed and with the purpose', () => {
    expect(numbers(lab.seed, 'users')).not.toEqual(numbers(lab.seed, 'words'))
    expect(numbers(lab.seed, 'users')).not.toEqual(numbers('ff'.repeat(16), 'users'))
  })

  it('lie in [0, 1) and fill it evenly', () => {
    const many = numbers(lab.seed, 'many', 10_000)
    expect(Math.min(...many)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...many)).toBeLessThan(1)
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = many.filter(n => Math.floor(n * 10) === tenth).length
      expect(share).toBeGreaterThan(850)
      expect(share).toBeLessThan(1150)
    }
  })
})
