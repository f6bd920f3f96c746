/** Runs a command out of sight: the time it takes on stderr, its output only if it fails. Runs on Node 20. */
import { spawn } from 'node:child_process'

const TAIL = 20

/** Throws an `Error` with the last lines of the output. */
export async function quietly(what, command, args, options = {}) {
  const done = elapsedLine(what)
  const tail = []
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let rest = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', chunk => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      tail.push(...lines.filter(Boolean))
      tail.splice(0, tail.length - TAIL)
    })
  const code = await new Promise(resolve => {
    child.on('error', error => {
      tail.push(error.message)
      resolve(127)
    })
    child.on('close', resolve)
  })
  done(code === 0)
  if (code !== 0) throw new Error([...tail, rest].filter(Boolean).join('\n'))
}

/** `what … 12 s`: in place on a terminal, else a line every five seconds. Returns what ends it. */
function elapsedLine(what) {
  const { stderr } = process
  const start = Date.now()
  const text = how => `${what} …${how} ${Math.round((Date.now() - start) / 1000)} s`
  const write = () => stderr.write(stderr.isTTY ? `\r\x1b[K${text('')}` : `${text('')}\n`)
  write()
  const timer = setInterval(write, stderr.isTTY ? 1000 : 5000)
  return ok => {
    clearInterval(timer)
    stderr.write(`${stderr.isTTY ? '\r\x1b[K' : ''}${text(ok ? '' : ' failed')}\n`)
  }
}
