import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesOf, keyOf } from '../../containers/setup/context.ts'

function folder(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'ten-steps-'))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}
const keyIn = async (root: string, args = {}) => keyOf(await filesOf(root), args)
const FILES = { Dockerfile: 'FROM scratch\n', 'rootfs/etc/motd': 'hello\n' }

test('the same files and arguments give the same key, wherever they lie', async () => {
  expect(await keyIn(folder(FILES), { BASE: 'a', MIRROR: 'b' })).toBe(
    await keyIn(folder(FILES), { MIRROR: 'b', BASE: 'a' }),
  )
})

test('content, name, mode and arguments each change the key', async () => {
  const executable = folder(FILES)
  chmodSync(join(executable, 'rootfs/etc/motd'), 0o755)
  const keys = [
    await keyIn(folder(FILES)),
    await keyIn(folder({ ...FILES, 'rootfs/etc/motd': 'bye\n' })),
    await keyIn(folder({ Dockerfile: FILES.Dockerfile, 'rootfs/etc/motd2': 'hello\n' })),
    await keyIn(executable),
    await keyIn(folder(FILES), { BASE: 'a' }),
  ]
  expect(new Set(keys).size).toBe(keys.length)
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{12}$/)
})

test("a clone's umask and an editor's leftovers don't change the key", async () => {
  const other = folder({ ...FILES, 'Dockerfile~': 'old', '__pycache__/holder.pyc': 'x' })
  chmodSync(join(other, 'Dockerfile'), 0o600)
  expect(await keyIn(other)).toBe(await keyIn(folder(FILES)))
})

test('a link is refused by name', async () => {
  const root = folder(FILES)
  symlinkSync('Dockerfile', join(root, 'again'))
  await expect(filesOf(root)).rejects.toThrow(/again: only plain files/)
})
