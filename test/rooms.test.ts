/** The import rule of ARCHITECTURE.md: `site → checker → containers`; steps import only types; nothing imports `site`. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const ROOMS = ['labs', 'checker', 'containers', 'site', 'test'] as const
type Room = (typeof ROOMS)[number]

/** The rooms that a room may import from, besides itself. `labs` may from `checker`, but types only: see below. */
const MAY: Record<Room, readonly Room[]> = {
  containers: [],
  checker: ['containers'],
  labs: ['checker'],
  site: ['checker', 'containers', 'labs', 'test'],
  test: ['checker', 'containers', 'labs', 'site'],
}

interface Import {
  file: string
  room: Room
  /** A path from the root for what is ours, the package's name for what is not. */
  from: string
  typeOnly: boolean
}

const roomOf = (path: string): Room | undefined => ROOMS.find(room => path.startsWith(`${room}/`))

/** All imports and re-exports of a file, dynamic ones with a literal name too. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  // The front matter and the scripts of an Astro page are what counts; its markup parses to nothing of interest.
  const code = file.endsWith('.astro') ? (/^---\n([\s\S]*?)\n---/.exec(text)?.[1] ?? '') : text
  const room = roomOf(file)
  if (!room) throw new Error(`${file} is in no room`)
  const found: Import[] = []
  const add = (name: string, typeOnly: boolean) => {
    const from = name.startsWith('.') ? join(dirname(file), name) : name
    found.push({ file, room, from, typeOnly })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier))
      add(node.moduleSpecifier.text, isTypeOnly(node.importClause))
    if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier))
      add(node.moduleSpecifier.text, node.isTypeOnly)
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [name] = node.arguments
      if (name && ts.isStringLiteral(name)) add(name.text, false)
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true))
  return found
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const names = clause.namedBindings
  return !clause.name && !!names && ts.isNamedImports(names) && names.elements.every(e => e.isTypeOnly)
}

const files = ROOMS.flatMap(room => globSync(`${room}/**/*.{ts,mjs,astro}`, { cwd: ROOT })).filter(
  file => !/(^|\/)(node_modules|dist|\.astro)\//.test(file),
)
const imports = files.flatMap(importsOf)
const told = (wrong: Import[]) => wrong.map(({ file, from }) => `${file} imports ${from}`)

describe('the rooms', () => {
  it('are found', () => {
    expect(imports.length).toBeGreaterThan(100)
  })

  it('import in one direction: site → checker → containers', () => {
    const wrong = imports.filter(({ room, from }) => {
      const to = roomOf(from)
      return to !== undefined && to !== room && !MAY[room].includes(to)
    })
    expect(told(wrong)).toEqual([])
  })

  it('give the steps nothing but types', () => {
    const wrong = imports.filter(
      ({ room, from, typeOnly }) => room === 'labs' && roomOf(from) !== 'labs' && roomOf(from) && !typeOnly,
    )
    expect(told(wrong)).toEqual([])
  })

  it('leave the engine’s library to one file', () => {
    const wrong = imports.filter(
      ({ file, from }) => /^docker(ode|-modem)/.test(from) && file !== 'containers/docker.ts',
    )
    expect(told(wrong)).toEqual([])
  })
})
