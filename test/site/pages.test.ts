import { describe, expect, test } from 'vitest'
import { loadSteps } from '../../checker/steps.ts'
import { plan } from '../../site/src/data/course.ts'
import en from '../../site/src/i18n/en.json' with { type: 'json' }
import fr from '../../site/src/i18n/fr.json' with { type: 'json' }
import mapEn from '../../site/src/i18n/map.en.json' with { type: 'json' }
import mapFr from '../../site/src/i18n/map.fr.json' with { type: 'json' }
import { duration } from '../../site/src/lib/duration.ts'
import { frenchSpaces } from '../../site/src/lib/french.ts'

/** Every text of a tree of words, by its path. */
function texts(tree: unknown, path = ''): [string, string][] {
  if (typeof tree === 'string') return [[path, tree]]
  return Object.entries(tree as object).flatMap(([key, value]) => texts(value, path ? `${path}.${key}` : key))
}

const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(match => match[0]).sort()

/** What a French typographer would strike out. */
function misspaced(text: string): string[] {
  const wrong = [
    /(?<!\u202f)[;!?»]/,
    /(?<!\u00a0):(?!\/\/)/,
    /«(?!\u202f)/,
    /[\u00a0\u202f] | [\u00a0\u202f]/,
    / [;:!?»]/,
  ]
  return wrong.filter(rule => rule.test(text)).map(rule => `${rule} in ${text}`)
}

describe.each([
  ['pages', en, fr],
  ['mail map', mapEn, mapFr],
] as const)('the words of the %s', (_, en, fr) => {
  test('are the same in both languages, none of them empty', () => {
    expect(texts(fr).map(([path]) => path)).toEqual(texts(en).map(([path]) => path))
    for (const [path, text] of [...texts(en), ...texts(fr)]) expect(text.trim(), path).not.toBe('')
  })

  test('leave the same holes to fill in both languages', () => {
    const french = new Map(texts(fr))
    for (const [path, text] of texts(en)) expect(holes(french.get(path) ?? ''), path).toEqual(holes(text))
  })

  test('are spaced as French is where they are French', () => {
    const planned = plan.flatMap(step => [step.title.fr, step.summary.fr])
    expect([...texts(fr).map(([, text]) => text), ...planned].flatMap(misspaced)).toEqual([])
  })
})

describe('French spacing', () => {
  test('turns plain spaces before high punctuation into no-break ones', () => {
    expect(frenchSpaces('Qui est là ? Moi ; et « toi » : viens !')).toBe(
      'Qui est là\u202f? Moi\u202f; et «\u202ftoi\u202f»\u00a0: viens\u202f!',
    )
  })

  test('keeps addresses, times and what has no space', () => {
    for (const text of ['http://you.test', '14:31', 'a:b', '2001:db8::1'])
      expect(frenchSpaces(text)).toBe(text)
  })

  test('does nothing twice', () => {
    const once = frenchSpaces('Prêt ? « Oui » : 10 000 messages')
    expect(frenchSpaces(once)).toBe(once)
  })
})

describe('the course', () => {
  test('has ten steps, each number and address once', () => {
    expect(plan.map(step => step.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(new Set(plan.map(step => step.slug)).size).toBe(10)
  })

  test('has no mistake in its step folders: same headings in both lessons, the tasks of lab.ts in both', async () => {
    const { steps, problems } = await loadSteps()
    expect(problems.map(problem => problem.message)).toEqual([])
    for (const step of steps) expect(plan.map(({ slug }) => slug)).toContain(step.slug)
  })

  test('tells durations as people say them', () => {
    expect([45, 60, 270].map(duration)).toEqual(['45\u202fmin', '1\u202fh', '4\u202fh\u202f30'])
  })
})
