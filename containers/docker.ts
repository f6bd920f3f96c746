/**
 * The only file that imports dockerode: narrow functions over the engine's API (1.41 and later, Docker or Podman).
 * Every failure leaves as a `LabError` with a code that a page can put into words. Longer than other files because
 * nothing else may talk to the engine.
 */
import type { Duplex, Readable } from 'node:stream'
import Docker from 'dockerode'
import { execDuplex } from './exec-stream.ts'
import { engineAddresses } from './socket.ts'
import { type ExecOptions, type ExecResult, LabError } from './types.ts'

export type ContainerSpec = Docker.ContainerCreateOptions
export type Labels = Record<string, string>
export interface Found {
  id: string
  name: string
  labels: Labels
  running: boolean
  /** `created` was never started. */
  state: string
  image: string
}

const OUTPUT_CAP = 1024 * 1024

export class Engine {
  readonly #docker: Docker
  /** Whether the engine can limit disks; true until it said that it can't. */
  #quotas = true
  /** Whether it finds our folders where it runs; likewise. */
  #mounts = true
  /** The socket or address that answered, for messages. */
  readonly address: string

  private constructor(docker: Docker, address: string) {
    this.#docker = docker
    this.address = address
  }

  /** The first engine that answers a ping within two seconds; null if none does. */
  static async connect(env: NodeJS.ProcessEnv = process.env): Promise<Engine | null> {
    for (const candidate of engineAddresses(env)) {
      // Without options dockerode reads DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH by itself.
      const docker =
        candidate.kind === 'socket' ? new Docker({ socketPath: candidate.socketPath }) : new Docker()
      const engine = new Engine(docker, candidate.name)
      if (await engine.answers()) return engine
    }
    return null
  }

  async answers(timeoutMs = 2000): Promise<boolean> {
    try {
      const late = new Promise<never>((_, reject) => setTimeout(reject, timeoutMs, new Error('late')).unref())
      await Promise.race([this.#docker.ping(), late])
      return true
    } catch {
      return false
    }
  }

  async version(): Promise<{ version: string; major: number; podman: boolean; arch: string }> {
    const v = await this.#do(() => this.#docker.version())
    const podman = v.Components?.some(c => c.Name.startsWith('Podman')) ?? false
    return { version: v.Version, major: Number.parseInt(v.Version, 10) || 0, podman, arch: v.Arch }
  }

  async cores(): Promise<number> {
    return (await this.#do(() => this.#docker.info())).NCPU as number
  }

  /** What the engine's machine has: `cgroup` is `1` or `2`, `memory` in bytes, `root` its folder there. */
  async machine(): Promise<{ system: string; cgroup: string; memory: number; cores: number; root: string }> {
    const info = await this.#do(() => this.#docker.info())
    return {
      system: info.OperatingSystem,
      cgroup: info.CgroupVersion ?? '1',
      memory: info.MemTotal,
      cores: info.NCPU,
      root: info.DockerRootDir,
    }
  }

  // Images

  async hasImage(tag: string): Promise<boolean> {
    return (await this.imageId(tag)) !== null
  }

  /** The image's content address, `sha256:…`; null if there is none of that tag. */
  async imageId(tag: string): Promise<string | null> {
    try {
      return (await this.#docker.getImage(tag).inspect()).Id
    } catch (error) {
      if (statusOf(error) === 404) return null
      throw toLabError(error)
    }
  }

  /** Pulls an image; `signal` ends it. Throws `unreachable` or `refused` where no registry answers. */
  async pull(tag: string, signal: AbortSignal, onLine: (line: string) => void = () => {}): Promise<void> {
    await this.#do(async () => {
      const stream = await this.#docker.pull(tag, { abortSignal: signal })
      await this.#follow(stream, onLine)
    })
  }

  /** `docker import`: a tar of a root file system becomes an image. */
  async importImage(tar: Readable, tag: string, labels: Labels = {}): Promise<void> {
    const [repo, name = 'latest'] = tag.split(':')
    const changes = Object.entries(labels).map(([key, value]) => `LABEL ${key}=${value}`)
    await this.#do(async () => {
      // Typed as a file name; the API takes the stream of the tar as well, as `docker import -` does.
      const stream = await this.#docker.importImage(tar as unknown as string, { repo, tag: name, changes })
      await this.#follow(stream as unknown as NodeJS.ReadableStream, () => {})
    })
  }

  /** Images as one tar stream, for `loadImages` of another engine. */
  async saveImages(tags: string[]): Promise<Readable> {
    return this.#do(async () => {
      const query = tags.map(tag => `names=${encodeURIComponent(tag)}`).join('&')
      return new Promise<Readable>((resolve, reject) => {
        this.#docker.modem.dial(
          // docker-modem cuts the last character of a path with a query but without options.
          { path: `/images/get?${query}&`, method: 'GET', isStream: true, statusCodes: { 200: true } },
          (error, stream) => (error ? reject(error) : resolve(stream as Readable)),
        )
      })
    })
  }

  async loadImages(tar: Readable): Promise<void> {
    await this.#do(async () => this.#follow(await this.#docker.loadImage(tar), () => {}))
  }

  /** Builds a tar context. Throws `refused` with the last lines of the build's output when a command fails. */
  async build(
    context: Readable,
    options: { tag: string; args: Record<string, string>; labels: Labels; onLine(line: string): void },
  ): Promise<void> {
    const tail: string[] = []
    await this.#do(async () => {
      const stream = await this.#docker.buildImage(context, {
        t: options.tag,
        buildargs: options.args,
        labels: options.labels,
        rm: true,
        forcerm: true,
      })
      try {
        await this.#follow(stream, line => {
          tail.push(line)
          if (tail.length > 25) tail.shift()
          options.onLine(line)
        })
      } catch (error) {
        throw new LabError('refused', `${options.tag}: ${messageOf(error)}\n${tail.join('\n')}`, {
          cause: error,
        })
      }
    })
  }

  async images(label: string): Promise<{ id: string; tags: string[] }[]> {
    const list = await this.#do(() => this.#docker.listImages({ filters: { label: [label] } }))
    return list.map(i => ({ id: i.Id, tags: i.RepoTags ?? [] }))
  }

  /** Removes an image. Without `force` one that a container uses, running or not, stays. */
  async removeImage(tag: string, options: { force: boolean } = { force: true }): Promise<void> {
    await this.#ignoring([404, 409], () => this.#docker.getImage(tag).remove(options))
  }

  // Networks

  async networks(label: string): Promise<{ id: string; name: string; labels: Labels; subnets: string[] }[]> {
    const list = await this.#do(() => this.#docker.listNetworks({ filters: { label: [label] } }))
    return list.map(n => ({
      id: n.Id,
      name: n.Name,
      labels: n.Labels ?? {},
      subnets: (n.IPAM?.Config ?? []).map(c => c.Subnet ?? ''),
    }))
  }

  async createNetwork(options: Docker.NetworkCreateOptions): Promise<void> {
    await this.#do(() => this.#docker.createNetwork(options))
  }

  async removeNetwork(name: string): Promise<void> {
    await this.#ignoring([404], () => this.#docker.getNetwork(name).remove())
  }

  // Containers

  async containers(label: string): Promise<Found[]> {
    const list = await this.#do(() => this.#docker.listContainers({ all: true, filters: { label: [label] } }))
    return list.map(c => ({
      id: c.Id,
      name: (c.Names[0] ?? '').replace(/^\//, ''),
      labels: c.Labels,
      running: c.State === 'running',
      state: c.State,
      image: c.Image,
    }))
  }

  /**
   * Creates a container; without its limit of the disk where the engine can't hold one (all but xfs with quotas), and
   * without its mounts where the engine doesn't see our files.
   */
  async create(spec: ContainerSpec): Promise<string> {
    const { StorageOpt, Mounts, ...rest } = spec.HostConfig ?? {}
    const HostConfig = {
      ...rest,
      ...(this.#quotas ? { StorageOpt } : {}),
      ...(Mounts ? { Mounts: Mounts.filter(({ Type }) => this.#mounts || Type !== 'bind') } : {}),
    }
    try {
      return (await this.#do(() => this.#docker.createContainer({ ...spec, HostConfig }))).id
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      if (HostConfig.StorageOpt && /storage.?opt|pquota|quota/i.test(error.message)) this.#quotas = false
      else if (HostConfig.Mounts?.some(({ Type }) => Type === 'bind') && /mount|bind/i.test(error.message))
        this.#mounts = false
      else throw error
      return this.create(spec)
    }
  }

  /** Starts a container; one that runs already is left as it is. */
  async start(name: string): Promise<void> {
    await this.#ignoring([304], () => this.#docker.getContainer(name).start())
  }

  /** Ends a container's processes at once, as a power cut would. */
  async kill(name: string): Promise<void> {
    await this.#ignoring([409], () => this.#docker.getContainer(name).kill())
  }

  /** The same, and waits until it has left its network: another one may then have its addresses. */
  async stop(name: string): Promise<void> {
    await this.#ignoring([304], () => this.#docker.getContainer(name).stop({ t: 0 }))
  }

  async rename(name: string, to: string): Promise<void> {
    await this.#do(() => this.#docker.getContainer(name).rename({ name: to }))
  }

  /** Removes a container and its anonymous volumes, running or not. One that is gone is no error. */
  async remove(name: string): Promise<void> {
    await this.#ignoring([404, 409], () => this.#docker.getContainer(name).remove({ force: true, v: true }))
  }

  /** Removes a volume that nothing uses. One that is gone is no error. */
  async removeVolume(name: string): Promise<void> {
    await this.#ignoring([404], () => this.#docker.getVolume(name).remove())
  }

  /** Names of the volumes that carry a label. */
  async volumes(label: string): Promise<string[]> {
    const { Volumes } = await this.#do(() => this.#docker.listVolumes({ filters: { label: [label] } }))
    return (Volumes ?? []).map(volume => volume.Name)
  }

  /** Waits for the end of a one-shot container; gives its exit code and output. */
  async finish(name: string): Promise<{ code: number; output: string }> {
    return this.#do(async () => {
      const container = this.#docker.getContainer(name)
      const { StatusCode } = await container.wait()
      const output = await container.logs({ stdout: true, stderr: true })
      return { code: StatusCode as number, output: output.toString() }
    })
  }

  async memory(name: string): Promise<number> {
    const stats = await this.#do(() => this.#docker.getContainer(name).stats({ stream: false }))
    return stats.memory_stats.usage ?? 0
  }

  /** Writes a snapshot of a container's disk as an image. */
  async commit(name: string, tag: string, labels: Labels): Promise<void> {
    const [repo, tagName] = tag.split(':')
    const changes = Object.entries(labels).map(([key, value]) => `LABEL ${key}=${value}`)
    await this.#do(() => this.#docker.getContainer(name).commit({ repo, tag: tagName, changes, pause: true }))
  }

  /** Unpacks a tar into a container's file system, at `/`. */
  async putArchive(name: string, tar: Buffer): Promise<void> {
    await this.#do(() => this.#docker.getContainer(name).putArchive(tar, { path: '/' }))
  }

  /** A file of a container, running or not, as a tar. */
  async getArchive(name: string, path: string): Promise<Readable> {
    return this.#do(
      async () => (await this.#docker.getContainer(name).getArchive({ path })) as unknown as Readable,
    )
  }

  /** Runs a command to its end. The budget holds from outside, whatever the machine's root did to `timeout`. */
  async exec(name: string, argv: string[], options: ExecOptions = {}): Promise<ExecResult> {
    const timeoutMs = options.timeoutMs ?? 30_000
    const seconds = Math.ceil(timeoutMs / 1000)
    const { exec, raw } = await this.#exec(name, ['timeout', '-k', '1', `${seconds}`, ...argv], options)
    const out: Buffer[] = []
    const err: Buffer[] = []
    const sizes = { out: 0, err: 0 }
    const stream = execDuplex(raw, chunk => {
      sizes.err += chunk.length
      if (sizes.err <= OUTPUT_CAP) err.push(chunk)
    })
    stream.end(options.input ?? '')
    let late = false
    const timer = setTimeout(() => {
      late = true
      stream.destroy()
    }, timeoutMs + 2000)
    try {
      for await (const chunk of stream) {
        sizes.out += chunk.length
        if (sizes.out <= OUTPUT_CAP) out.push(chunk)
      }
    } catch (error) {
      if (!late) throw toLabError(error)
    } finally {
      clearTimeout(timer)
    }
    if (late) throw new LabError('slow', `${argv[0]} on ${name} gave no end within ${timeoutMs} ms`)
    const { ExitCode } = await this.#do(() => exec.inspect())
    return {
      code: ExitCode ?? -1,
      stdout: Buffer.concat(out).toString(),
      stderr: Buffer.concat(err).toString(),
    }
  }

  /** Runs a command with stdin and stdout as a duplex, stderr apart. Destroying it closes the command's stdin. */
  async pipe(
    name: string,
    argv: string[],
    options: ExecOptions = {},
    onStderr: (chunk: Buffer) => void = () => {},
  ): Promise<Duplex> {
    const { raw } = await this.#exec(name, argv, options)
    return execDuplex(raw, onStderr)
  }

  /** An exec with a TTY as `docker exec -it` has it; the bench's floor. */
  async tty(name: string, argv: string[]): Promise<Duplex> {
    return this.#do(async () => {
      const exec = await this.#docker.getContainer(name).exec({
        Cmd: argv,
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        Tty: true,
      })
      return exec.start({ hijack: true, stdin: true, Tty: true })
    })
  }

  async #exec(name: string, argv: string[], options: ExecOptions) {
    return this.#do(async () => {
      const exec = await this.#docker.getContainer(name).exec({
        Cmd: argv,
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        Tty: false,
        ...(options.user ? { User: options.user } : {}),
        ...(options.env ? { Env: Object.entries(options.env).map(([k, v]) => `${k}=${v}`) } : {}),
      })
      const raw = await exec.start({ hijack: true, stdin: true, Tty: false })
      return { exec, raw }
    })
  }

  /** The engine's events as they come; ends or throws when the engine goes away. */
  async *events(label: string, signal: AbortSignal): AsyncGenerator<{ action: string; name: string }> {
    const stream = (await this.#do(() =>
      this.#docker.getEvents({ filters: { label: [label], type: ['container'] }, abortSignal: signal }),
    )) as Readable
    let rest = ''
    for await (const chunk of stream) {
      const lines = (rest + chunk.toString()).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines.filter(Boolean)) {
        const event = JSON.parse(line) as { Action: string; Actor: { Attributes: { name?: string } } }
        yield { action: event.Action, name: event.Actor.Attributes.name ?? '' }
      }
    }
  }

  #follow(stream: NodeJS.ReadableStream, onLine: (line: string) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      // A failure comes as an event in a stream that then ends as any other; docker-modem takes it for success.
      let failure: Error | undefined
      this.#docker.modem.followProgress(
        stream,
        error => (error || failure ? reject(error ?? failure) : resolve()),
        (event: { stream?: string; status?: string; error?: string }) => {
          if (event.error) failure = new Error(event.error)
          for (const line of (event.stream ?? event.status ?? event.error ?? '').split('\n'))
            if (line.trim()) onLine(line.trimEnd())
        },
      )
    })
  }

  async #do<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw toLabError(error)
    }
  }

  async #ignoring(statuses: number[], work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!statuses.includes(statusOf(error))) throw toLabError(error)
    }
  }
}

const statusOf = (error: unknown): number => (error as { statusCode?: number }).statusCode ?? 0
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function toLabError(error: unknown): LabError {
  if (error instanceof LabError) return error
  const message = messageOf(error)
  const code = (error as { code?: string }).code ?? ''
  const status = statusOf(error)
  const kind =
    /ECONNREFUSED|ENOENT|ECONNRESET|EPIPE|EACCES|EHOSTUNREACH|ENOTFOUND/.test(code) ||
    /socket hang up/.test(message)
      ? 'unreachable'
      : code === 'ABORT_ERR' || code === 'ETIMEDOUT'
        ? 'slow'
        : /no space left|cannot allocate memory|no available|ENOSPC/i.test(message)
          ? 'full'
          : status === 404 && /image/i.test(message)
            ? 'no-image'
            : status === 404 || (status === 409 && /not running|is paused/.test(message))
              ? 'gone'
              : 'refused'
  return new LabError(kind, message, { cause: error })
}
