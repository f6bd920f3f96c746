/** A solved lab that others begin from: the server's disk, and what the rest of the world knows of it. */
import type { Answers } from '../checker/play.ts'
import { namesOnTop, startOf } from '../checker/start.ts'
import type { Step } from '../checker/steps.ts'
import { remember } from '../containers/accounts.ts'
import type { Authorities, DomainState } from '../containers/internet/api.ts'
import type { Lab, Labs, Start, StartFileOnMachine, Who } from '../containers/types.ts'
import { listening, ready } from './listening.ts'
import { moved, movedNames } from './moved.ts'

export interface Solved {
  image: string
  /** The lab that was solved: its addresses, and the seed that all on its disk was made from. */
  lab: Lab
  ports: number[]
  /** What was answered to the tasks' questions. */
  answers: Answers
  domain: DomainState
  /** Those who signed the server's certificates. */
  authorities: Authorities
  /** Settings on the disk that name an address of this event. */
  settings: StartFileOnMachine[]
  /** What the steps so far put on the desk; what was typed there is not kept. */
  desk(lab: Lab): StartFileOnMachine[]
}

/** Root's settings with an address of the lab in them, but for what the engine writes at each start. */
const ADDRESSED = `find /etc -type f -user root -size -256k -exec grep -lIE '198\\.1[89]\\.|2001:db8:' {} + |
grep -vxE '/etc/(hosts|hostname|resolv.conf)' |
while IFS= read -r file; do echo "$(stat -c %a "$file") $(base64 -w0 "$file") $file"; done`

/** Keeps a lab as it is now. `before`: what it began from itself. */
export async function keep(
  labs: Labs,
  step: Step,
  lab: Lab,
  answers: Answers,
  before: Solved | undefined,
): Promise<Solved> {
  const [ports, domain, authorities, { stdout }] = await Promise.all([
    listening(labs, lab),
    labs.internet<DomainState>(lab.event, 'GET', `/domains/${lab.domain}`),
    labs.internet<Authorities>(lab.event, 'GET', '/authorities'),
    labs.exec(lab, 'server', ['sh', '-c', ADDRESSED]),
  ])
  const settings = stdout.split('\n').flatMap((line): StartFileOnMachine[] => {
    const [, mode, content = '', path] = /^(\d+) (\S*) (.+)$/.exec(line) ?? []
    if (!mode || !path) return []
    const text = Buffer.from(content, 'base64').toString()
    return [{ machine: 'server', path, mode: Number.parseInt(mode, 8), content: text }]
  })
  const desk = (of: Lab) => [
    ...(before?.desk(of) ?? []),
    ...startOf(step)
      .files(of)
      .filter(({ machine }) => machine === 'desk'),
  ]
  const image = await labs.snapshot(lab)
  return { image, lab, ports, answers, domain, authorities, settings, desk }
}

/**
 * Resets a lab to a step's start or, with `solved`, to what that left; `onTop` puts the step's own start upon it. Gives
 * it with its services up, and with the seed that the checks must reckon with.
 */
export async function begin(
  labs: Labs,
  who: Who,
  step: Step,
  solved: Solved | undefined,
  onTop: boolean,
): Promise<Lab> {
  if (solved) await labs.internet(who.event, 'POST', '/authorities', solved.authorities)
  await labs.close(who)
  // A proof on the machine of the one before would prove nothing.
  if (await labs.find(who)) throw new Error(`the lab of ${who.participant} in ${who.event} was not closed`)
  const lab = await labs.open(who, solved ? startFrom(step, solved, onTop) : startOf(step))
  if (!solved) return lab
  const { signed, strict } = solved.domain
  if (signed) await labs.internet(who.event, 'PUT', `/domains/${lab.domain}/ds`)
  if (strict) await labs.internet(who.event, 'PUT', `/domains/${lab.domain}/strict`)
  await Promise.all([ready(labs, lab, solved.ports), remember(labs, lab)])
  return lab
}

function startFrom(step: Step, solved: Solved, onTop: boolean): Start {
  const own = startOf(step)
  return {
    step: step.id,
    // All that is there was made from it.
    seed: solved.lab.seed,
    serverImage: solved.image,
    mail: own.mail,
    doors: own.doors,
    files: lab => [
      ...solved.settings.map(file => ({ ...file, content: moved(file.content, solved.lab, lab) })),
      ...solved.desk(lab),
      ...(onTop ? own.files(lab) : []),
    ],
    names: lab => {
      const left = movedNames(solved.domain, solved.lab, lab)
      return onTop ? namesOnTop(left, own.names(lab)) : left
    },
  }
}
