/** What an image is made of: the files of its folder, and one hash over all of it. */
import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

export interface ContextFile {
  /** From the root of the build context, with `/`. */
  path: string
  mode: number
  content: Buffer
}

const JUNK = /(^|\/)(__pycache__|\.DS_Store)(\/|$)|~$|\.sw[op]$|\.pyc$/

/** All files below a folder, sorted by path. Throws on a link or a device: a context of plain files is the same everywhere. */
export async function filesOf(
  folder: string,
  keep: (path: string) => boolean = () => true,
): Promise<ContextFile[]> {
  const files: ContextFile[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const full = join(entry.parentPath, entry.name)
    const path = relative(folder, full).split(sep).join('/')
    if (entry.isDirectory() || JUNK.test(path) || !keep(path)) continue
    if (!entry.isFile()) throw new Error(`${full}: only plain files can be part of an image`)
    // git keeps no more of a mode than this, and a clone's umask must not change the hash.
    const mode = (await stat(full)).mode & 0o100 ? 0o755 : 0o644
    files.push({ path, mode, content: await readFile(full) })
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** 12 hex digits over files and parameters, whatever the order of either. */
export function keyOf(files: ContextFile[], parameters: Record<string, string>): string {
  const hash = createHash('sha256')
  const part = (data: string | Buffer) => hash.update(`${Buffer.byteLength(data)}:`).update(data)
  for (const name of Object.keys(parameters).sort()) {
    part(name)
    part(parameters[name] ?? '')
  }
  for (const file of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    part(file.path)
    part(`${file.mode}`)
    part(file.content)
  }
  return hash.digest('hex').slice(0, 12)
}
