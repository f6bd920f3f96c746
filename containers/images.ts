/**
 * The course's own images: each is tagged with the hash of what it is made of, so that a second look costs nothing and
 * a changed file rebuilds exactly what depends on it.
 */
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Engine } from './docker.ts'
import { bundleInternet } from './internet/bundle.ts'
import { LABEL } from './labels.ts'
import { BASE, ensureBase } from './setup/base.ts'
import { type ContextFile, filesOf, keyOf } from './setup/context.ts'
import type { Ask } from './setup/host.ts'
import { SetupError } from './setup/setup-error.ts'
import { tarOf } from './tar.ts'
import { LabError, type Progress } from './types.ts'

/** `mirror` is what the others take their packages' key and the packages from; no container runs it. */
export type ImageName = 'mirror' | 'server' | 'desk' | 'internet'
/** Tags. */
export type Images = Record<ImageName, string>

interface Plan {
  name: ImageName
  tag: string
  args: Record<string, string>
  files: ContextFile[]
}

const LAYER = `${LABEL.kind}=layer`
const ON_MIRROR: ImageName[] = ['server', 'desk', 'internet']
const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']

/**
 * Builds what is missing (and the base, first of all), gives the tags, and removes older images of ours that nothing
 * uses. Throws `SetupError` with the end of the output of a build that fails.
 */
export async function ensureImages(
  engine: Engine,
  progress: Progress = () => {},
  options: { ask?: Ask | undefined } = {},
): Promise<Images> {
  const base = await ensureBase(engine, { progress, ask: options.ask })
  const mirror = await plan('mirror', { BASE }, base)
  await ensure(engine, mirror, progress)
  const mirrorId = (await engine.imageId(mirror.tag)) ?? ''
  const parts = new Map<string, string>()
  const plans = await Promise.all(ON_MIRROR.map(name => onMirror(name, base, mirror.tag, mirrorId)))
  await Promise.all(
    plans.map(one =>
      ensure(engine, one, what => {
        parts.set(one.name, what)
        progress([...parts.values()].join(' · '))
      }),
    ),
  )
  const images = Object.fromEntries([mirror, ...plans].map(({ name, tag }) => [name, tag])) as Images
  // What can't be removed takes room, and is no reason not to start.
  await removeOlder(engine, Object.values(images)).catch(() => {})
  return images
}

/** What would be needed, and what of it is there; nothing is built. Without its base an image has no tag yet. */
export async function imageStates(
  engine: Engine,
): Promise<{ name: ImageName; tag: string | null; present: boolean }[]> {
  const base = await engine.imageId(BASE)
  const mirror = base ? await plan('mirror', { BASE }, base) : null
  const mirrorId = mirror && (await engine.imageId(mirror.tag))
  const states = [{ name: 'mirror' as ImageName, tag: mirror?.tag ?? null, present: Boolean(mirrorId) }]
  for (const name of ON_MIRROR) {
    const one = base && mirror && mirrorId ? await onMirror(name, base, mirror.tag, mirrorId) : null
    states.push({ name, tag: one?.tag ?? null, present: one ? await engine.hasImage(one.tag) : false })
  }
  return states
}

/** Keyed by the mirror's id too: each build of it signs with a new key, and images of one tag must trust one key. */
const onMirror = (name: ImageName, base: string, mirror: string, mirrorId: string): Promise<Plan> =>
  plan(name, { BASE, MIRROR: mirror }, base, mirrorId)

async function plan(
  name: ImageName,
  args: Record<string, string>,
  base: string,
  mirrorId = '',
): Promise<Plan> {
  const files = [...(await filesOf(path(`images/${name}`))), ...(await extraFiles(name))]
  return { name, args, files, tag: `ten-steps/${name}:${keyOf(files, { ...args, base, mirrorId })}` }
}

async function extraFiles(name: ImageName): Promise<ContextFile[]> {
  if (name === 'internet')
    return [{ path: 'internet.mjs', mode: 0o644, content: Buffer.from(await bundleInternet()) }]
  if (name === 'mirror') return []
  const holder = await filesOf(path('terminal'), file => file.endsWith('.py'))
  const common = await filesOf(path('images/common'))
  return [...holder, ...common]
}

async function ensure(engine: Engine, { name, tag, args, files }: Plan, progress: Progress): Promise<void> {
  if (await engine.hasImage(tag)) return progress(`${name} is there`)
  progress(`${name}: begins`)
  let at = 'begins'
  const proxies = PROXIES.flatMap(key => (process.env[key] ? [[key, process.env[key]]] : []))
  try {
    await engine.build(Readable.from([await tarOf(files.map(labelled))]), {
      tag,
      args: { ...args, ...Object.fromEntries(proxies) },
      labels: { [LABEL.kind]: 'image' },
      onLine: line => {
        const step = /^(?:\[\d+\/\d+\] )?STEP (\d+\/\d+)/i.exec(line)
        if (step?.[1]) at = step[1]
        if (/^ *--->/.test(line)) return
        // Side by side on one line: what is at work there now, not all of it.
        progress(`${name}: ${at} ${line.slice(step?.[0].length ?? 0, 40).replace(/^[\s:]+/, '')}`)
      },
    })
  } catch (error) {
    throw failed(name, error)
  }
  progress(`${name} is there`)
}

/**
 * A classic builder leaves the stages that an image only copies from behind, without a name. With a label they can be
 * found and removed.
 */
const labelled = (file: ContextFile): ContextFile =>
  file.path === 'Dockerfile'
    ? { ...file, content: Buffer.from(file.content.toString().replace(/^FROM .*$/gm, `$&\nLABEL ${LAYER}`)) }
    : file

function failed(name: ImageName, error: unknown): Error {
  if (!(error instanceof LabError) || error.code === 'unreachable') return error as Error
  const unreachable =
    /Temporary failure resolving|Could not resolve|Failed to fetch|Unable to connect|Connection timed out/
  const remedy = unreachable.test(error.message)
    ? "A container could not reach Debian's mirror (http://deb.debian.org). Is the network there? Behind a proxy, set http_proxy and https_proxy, then run the same command again."
    : error.code === 'full' || /no space left/i.test(error.message)
      ? 'The engine has no room left: docker system df tells what takes it, docker image prune and docker builder prune free what nothing uses. (docker system prune would remove servers that learners keep.)'
      : 'Run the same command again; what was built so far is kept. «npm run doctor» looks at what is needed.'
  return new SetupError(`The image «${name}» could not be built.\n${error.message}`, remedy, { cause: error })
}

/** Nothing is removed while a container runs on an older image: another version of the course is at work with all of them. */
async function removeOlder(engine: Engine, current: string[]): Promise<void> {
  const older = (await engine.images(`${LABEL.kind}=image`)).filter(
    image => !image.tags.some(tag => current.some(one => tag.endsWith(one))),
  )
  const used = (await engine.containers(LABEL.kind)).map(container => container.image)
  if (older.some(image => [image.id, ...image.tags].some(name => used.includes(name)))) return
  for (const image of [...older, ...(await engine.images(LAYER))]) {
    const tags = image.tags.filter(tag => tag !== '<none>:<none>')
    for (const name of tags.length > 0 ? tags : [image.id]) await engine.removeImage(name, { force: false })
  }
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
