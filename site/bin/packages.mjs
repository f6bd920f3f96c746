/** Whether the npm packages are those of package-lock.json, and `npm ci` where they are not. Runs on Node 20. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { quietly } from './quiet.mjs'

const stampOf = root => join(root, 'node_modules/.ten-steps')
const hashOf = root =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex')

/** No network and no npm: a stamp beside the packages says for which lock file they were installed. */
export function packagesAreCurrent(root) {
  const stamp = stampOf(root)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hashOf(root)) return true
  if (!installedAsLocked(root)) return false
  writeFileSync(stamp, hashOf(root))
  return true
}

/**
 * npm keeps its own list of what it installed. It agrees after a developer's `npm install`, which writes no stamp and
 * must not be undone. Packages for other platforms are optional and missing by right.
 */
function installedAsLocked(root) {
  const list = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(list)) return false
  const installed = JSON.parse(readFileSync(list, 'utf8')).packages
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  return Object.entries(locked).every(([path, wanted]) => {
    if (path === '') return true
    const found = installed[path]
    if (!found) return wanted.optional === true || wanted.devOptional === true
    return found.version === wanted.version && found.integrity === wanted.integrity
  })
}

/** Empty where the pinned Node runs and is the pinned version, else why not. */
export function pinnedNodeRuns(root, pinned) {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/node/package.json'), 'utf8'))
  const { stdout, stderr, error } = spawnSync(pinned, ['--version'], { encoding: 'utf8' })
  if (stdout?.trim() === `v${version}`) return ''
  return (
    `The pinned Node ${version} does not run on this machine (${process.platform} ${process.arch}): ` +
    `${error?.message ?? (stderr.trim() || stdout.trim())}\nTry: rm -rf node_modules && npm ci --ignore-scripts=false`
  )
}

/** Throws with npm's last lines. */
export async function installPackages(root) {
  // `npm ci` begins by deleting node_modules: the Node that runs npm must be another than the one in there.
  const path = (process.env.PATH ?? '').split(delimiter).filter(dir => !dir.includes('node_modules'))
  const args = [
    'ci',
    '--no-audit',
    '--no-fund',
    '--include=dev',
    '--ignore-scripts=false',
    '--loglevel=error',
  ]
  try {
    await quietly('npm packages', 'npm', args, {
      cwd: root,
      env: { ...process.env, PATH: path.join(delimiter) },
      shell: process.platform === 'win32',
    })
  } catch (error) {
    throw new Error(
      `${error.message}\n\nnpm could not install the packages (npm ci). Is the network there? ` +
        'Behind a proxy, set https_proxy; then run the same command again.',
    )
  }
  writeFileSync(stampOf(root), hashOf(root))
}
