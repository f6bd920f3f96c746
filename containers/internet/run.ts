/** Runs a program of this container to its end. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** A program ran and gave a failure. */
export class Failed extends Error {
  /** What it said, standard error first. */
  readonly said: string
  constructor(command: string, said: string, options: ErrorOptions) {
    super(`${command}: ${said}`, options)
    this.said = said
  }
}

/** What takes milliseconds; on a machine that does much else besides, seconds. */
const BUDGET_MS = 20_000

/** Standard output; throws Failed if the program fails, another error if it does not start or takes longer than the budget. */
export async function run(program: string, args: string[], timeoutMs = BUDGET_MS): Promise<string> {
  try {
    const { stdout } = await execute(program, args, { timeout: timeoutMs, maxBuffer: 16 << 20 })
    return stdout
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string }
    if (typeof code !== 'number') throw error
    throw new Failed(`${program} ${args[0] ?? ''}`, `${stderr}\n${stdout}`.trim(), { cause: error })
  }
}
