/**
 * Installs the npm packages where they are missing or older than package-lock.json, then runs a command under the
 * pinned Node (npm package `node`). Plain JavaScript: Node 20 can't run TypeScript.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureLibraries } from './libraries.mjs'
import { installPackages, packagesAreCurrent, pinnedNodeRuns } from './packages.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')
const COMMANDS = ['start', 'dev', 'test', 'verify', 'audit', 'doctor', 'stop', 'bench-terminal', 'bench-map']
const PINNED = join(ROOT, 'node_modules/node/bin/node')

/** Runs site/bin/NAME.ts to its end and ends as it did: same exit code, same signal. */
export async function launch(name, args) {
  const file = join(ROOT, `site/bin/${name}.ts`)
  if (!COMMANDS.includes(name) || !existsSync(file)) {
    console.error(`There is no command «${name ?? ''}»; there are: ${COMMANDS.join(', ')}.`)
    process.exit(1)
  }
  try {
    if (!packagesAreCurrent(ROOT)) await install()
    let fault = pinnedNodeRuns(ROOT, PINNED)
    // Packages that were installed with scripts off have no binary of Node: its package fetches it in a script.
    if (fault) {
      await install()
      fault = pinnedNodeRuns(ROOT, PINNED)
    }
    if (fault) throw new Error(fault)
  } catch (error) {
    console.error(error.message)
    process.exit(1)
  }
  run(file, args)
}

async function install() {
  await ensureLibraries()
  await installPackages(ROOT)
}

function run(file, args) {
  const child = spawn(PINNED, [file, ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: [join(ROOT, 'node_modules/node/bin'), process.env.PATH].join(delimiter),
    },
  })
  // A terminal sends Ctrl-C to the whole foreground group: the child has it already, and npm passes its own on to us.
  const fromTerminal = process.stdin.isTTY === true
  process.on('SIGINT', () => fromTerminal || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  if (process.env.npm_lifecycle_event) whenOrphaned(() => child.kill('SIGTERM'))
  child.on('error', error => {
    console.error(`${PINNED} could not be started: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/**
 * npm passes SIGTERM to the shell that it started us from, and that shell dies of it without a word to us. Who sees
 * npm end must not find the server still at its port.
 */
function whenOrphaned(then) {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    then()
  }, 500).unref()
}
