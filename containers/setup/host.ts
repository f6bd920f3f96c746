/** The machine that set-up runs on: what it is, and commands on it. Tests put another in its place. */
import { spawn } from 'node:child_process'
import { accessSync, closeSync, constants, existsSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** Asks the person a yes-or-no question; absent where nobody is there to answer. */
export type Ask = (question: string) => Promise<boolean>

export interface CommandResult {
  code: number
  /** The last lines of both outputs. */
  tail: string[]
}

export interface Host {
  platform: NodeJS.Platform
  env: NodeJS.ProcessEnv
  isRoot: boolean
  /** Whether a command is on the PATH or in the places where only root has it. */
  has(command: string): boolean
  exists(path: string): boolean
  /** May we read and write it? */
  usable(path: string): boolean
  /** Entries of a folder; none if it is not there. */
  list(path: string): string[]
  /** Text of a file; empty if it is not there. */
  read(path: string): string
  /** Runs to its end. A command that can't be started gives code 127. */
  run(
    argv: string[],
    options?: { env?: Record<string, string>; onLine?(line: string): void },
  ): Promise<CommandResult>
  /** Starts a process that outlives us, output to a log file. `ended` tells whether it is gone already. */
  daemon(argv: string[], log: string): { ended(): boolean }
}

const TAIL = 20
// A shell that became root by `su` has no sbin on its PATH; Docker's engine and apt look for their helpers there.
const PATH = [process.env.PATH ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin'].join(delimiter)

export const thisHost: Host = {
  platform: process.platform,
  env: process.env,
  isRoot: process.getuid?.() === 0,
  has: command => PATH.split(delimiter).some(dir => dir !== '' && existsSync(join(dir, command))),
  exists: existsSync,
  usable: path => {
    try {
      accessSync(path, constants.R_OK | constants.W_OK)
      return true
    } catch {
      return false
    }
  },
  list: path => {
    try {
      return readdirSync(path)
    } catch {
      return []
    }
  },
  read: path => {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return ''
    }
  },
  run: (argv, options = {}) => run(argv, options),
  daemon(argv, log) {
    const [command = '', ...args] = argv
    const output = openSync(log, 'a', 0o600)
    const child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', output, output],
      env: { ...process.env, PATH },
    })
    closeSync(output)
    let ended = false
    child.on('error', () => {
      ended = true
    })
    child.on('exit', () => {
      ended = true
    })
    child.unref()
    return { ended: () => ended }
  },
}

const run: Host['run'] = (argv, options = {}) =>
  new Promise(resolve => {
    const [command = '', ...args] = argv
    const tail: string[] = []
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env, PATH },
    })
    const follow = (stream: Readable) =>
      createInterface({ input: stream }).on('line', line => {
        if (!line.trim()) return
        tail.push(line)
        if (tail.length > TAIL) tail.shift()
        options.onLine?.(line.trim())
      })
    follow(child.stdout)
    follow(child.stderr)
    child.on('error', error => resolve({ code: 127, tail: [error.message] }))
    child.on('close', code => resolve({ code: code ?? 1, tail }))
  })
