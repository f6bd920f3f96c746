import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The lab internet's program as one file for the Node of Debian 13, which knows neither TypeScript nor our packages. */
export async function bundleInternet(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./main.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // Packages in CommonJS require Node's own modules, which a module has no function for.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    // Without the packages' licences it would be no fair copy of them.
    legalComments: 'inline',
    write: false,
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error('esbuild gave no output for containers/internet/main.ts')
  return file.text
}
