/** What the environment may change: PORT, HOST, DATA_DIR. */
import { accessSync, constants, mkdirSync } from 'node:fs'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SetupError } from '../../containers/setup/setup-error.ts'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

export interface Settings {
  port: number
  host: string
  dataDir: string
}

/** Throws `SetupError` on a value that can't be meant. Nothing is created yet. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const port = env.PORT?.trim() || '4321'
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535)
    throw new SetupError(
      `PORT is «${port}», which is no port.`,
      'Give a number from 1 to 65535, for example: PORT=8080 npm start (0 lets the system choose).',
    )
  const host = env.HOST?.trim() || '127.0.0.1'
  if (!isIP(host) && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host))
    throw new SetupError(
      `HOST is «${host}», which is neither an address nor a name.`,
      'Give the address to listen on, for example: HOST=127.0.0.1 npm start',
    )
  return { port: Number(port), host, dataDir: resolve(ROOT, env.DATA_DIR?.trim() || '.data') }
}

/** Makes DATA_DIR. Throws `SetupError` if it can't be written. */
export function ensureDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new SetupError(
      `The data folder ${dataDir} can't be used: ${(error as Error).message}`,
      `Make it yours, or choose another one, for example: DATA_DIR=${join('~', 'ten-steps')} npm start`,
      { cause: error },
    )
  }
}

/** The address in a URL: IPv6 goes in brackets. */
export const urlOf = (host: string, port: number): string =>
  `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`
