import { type Entry, type Found, found, type Subject } from './row.ts'
import { type Evaluated, onwards } from './spf-record.ts'

/** RFC 7208, 4.6.4 */
const LOOKUPS = 10
const VOIDS = 2

/** A row about the record itself; without one none of them holds. */
const row = (
  id: string,
  text: Entry['text'],
  asks: Entry['asks'],
  judge: (spf: Evaluated) => Found,
): Entry => ({
  id,
  text,
  asks,
  check: async ({ looks }) => {
    const spf = await looks.spf()
    return spf.records.length === 0 ? found(false, '-') : judge(spf)
  },
})

const bytesOf = (parts: readonly string[]) => parts.reduce((sum, part) => sum + part.length, 0)
const mechanisms = (terms: readonly string[]) => terms.filter(term => !/^[a-z][a-z0-9._-]*=/i.test(term))

/** Terms that nobody reads: mechanisms after `all`, and a redirect beside it (RFC 7208, 5.1). */
export function unread(terms: readonly string[]): string[] {
  const at = terms.findIndex(term => /^[-+~?]?all$/i.test(term))
  if (at < 0) return []
  const late = terms.slice(at + 1).filter(term => mechanisms([term]).length > 0)
  return [...late, ...terms.filter(term => /^redirect=/i.test(term))]
}

/** Macros that a record should not have: of the local part, which gives users’ names to whoever runs a name server. */
export const tellingMacros = (terms: readonly string[]): string[] =>
  terms.filter(term => /%\{[lscrt][^}]*\}/i.test(term))

export const spf: Subject = {
  id: 'spf',
  title: { en: 'SPF', fr: 'SPF' },
  entries: [
    row(
      'spf-exists',
      { en: 'The domain has an SPF record', fr: 'Le domaine a un enregistrement SPF' },
      ['I', 'C'],
      spf => found(true, spf.text),
    ),
    row(
      'spf-strict',
      {
        en: 'It turns all others away: `-all` or `~all`',
        fr: 'Il écarte tous les autres : `-all` ou `~all`',
      },
      ['I', 'C'],
      spf =>
        // What a stranger's address gets says it, wherever a redirect leads.
        found(['fail', 'softfail'].includes(spf.result), `${spf.terms.at(-1)} > spf=${spf.result}`),
    ),
    row('spf-single', { en: 'There is one alone', fr: 'Il n’y en a qu’un' }, ['C'], spf =>
      found(spf.records.length === 1, `${spf.records.length}`),
    ),
    row(
      'spf-syntax',
      {
        en: 'Its syntax is right, and that of those that it includes',
        fr: 'Sa syntaxe est juste, et celle de ceux qu’il inclut',
      },
      ['C'],
      spf => found(spf.valid, `spf=${spf.result} ${spf.valid ? '' : spf.why}`.trim()),
    ),
    row(
      'spf-lookups',
      { en: 'It takes ten DNS look-ups at most', fr: 'Il demande dix recherches DNS au plus' },
      ['C'],
      spf => found(spf.valid && spf.lookups <= LOOKUPS, `${spf.lookups}`),
    ),
    row(
      'spf-void',
      { en: 'Two look-ups at most lead nowhere', fr: 'Deux recherches au plus ne mènent nulle part' },
      ['C'],
      spf => found(spf.valid && spf.voids <= VOIDS, `${spf.voids}`),
    ),
    row('spf-loops', { en: 'It does not include itself', fr: 'Il ne s’inclut pas lui-même' }, ['C'], spf =>
      found(spf.loops.length === 0, spf.loops.length ? spf.loops : '0'),
    ),
    row(
      'spf-includes-once',
      { en: 'It includes nobody twice', fr: 'Il n’inclut personne deux fois' },
      ['C'],
      spf => {
        const all = onwards(spf.terms)
        return found(new Set(all).size === all.length, all.length ? all : '0')
      },
    ),
    row('spf-ptr', { en: 'It does without `ptr`', fr: 'Il se passe de `ptr`' }, ['C'], spf => {
      const all = spf.terms.filter(term => /^[-+~?]?ptr(?:[:/]|$)/i.test(term))
      return found(all.length === 0, all.length ? all : '0')
    }),
    row('spf-after-all', { en: 'Nothing comes after `all`', fr: 'Rien ne vient après `all`' }, ['C'], spf => {
      const all = unread(spf.terms)
      return found(all.length === 0, all.length ? all : '0')
    }),
    row(
      'spf-size',
      {
        en: 'Strings of 255 bytes, a record of 450 and an answer of 512 at most',
        fr: 'Des chaînes de 255 octets, un enregistrement de 450 et une réponse de 512 au plus',
      },
      ['C'],
      spf => {
        const [first = []] = spf.records
        const sizes = [Math.max(...first.map(({ length }) => length)), bytesOf(first), spf.answerBytes]
        const [longest = 0, whole = 0, answer = 0] = sizes
        return found(longest <= 255 && whole <= 450 && answer <= 512, sizes.join(' / '))
      },
    ),
    row(
      'spf-macros',
      { en: 'Its macros tell nobody who writes', fr: 'Ses macros ne disent à personne qui écrit' },
      ['C'],
      spf => {
        const all = tellingMacros(spf.terms)
        return found(all.length === 0, all.length ? all : '0')
      },
    ),
  ],
}
