import { pack } from 'tar-stream'

/** Packs files with their parent folders into one tar, owned by root. Paths are absolute. */
export async function tarOf(
  files: { path: string; mode: number; content: string | Buffer }[],
): Promise<Buffer> {
  const tar = pack()
  for (const file of files) tar.entry({ name: file.path.replace(/^\/+/, ''), mode: file.mode }, file.content)
  tar.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of tar) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
