import { satteri } from '@astrojs/markdown-satteri'
import mdx from '@astrojs/mdx'
import { defineConfig } from 'astro/config'
import expressiveCode from 'astro-expressive-code'
import { LAB_COOKIE } from './protocol.ts'
import { codeOptions } from './src/lib/code-blocks.ts'
import { frenchSpacing } from './src/lib/french-spacing.ts'

/** Where `astro dev` finds the course's server: its API and its sockets. */
const api = process.env.API_URL ?? 'http://127.0.0.1:4321'

export default defineConfig({
  output: 'static',
  // Not under a node_modules of the site's own, which would have to be kept out of everything.
  cacheDir: process.env.SITE_CACHE ?? '.astro/cache',
  trailingSlash: 'always',
  devToolbar: { enabled: false },
  // In development Astro gives the pages: it says in the server's place that there is a lab behind them.
  server: { headers: { 'set-cookie': `${LAB_COOKIE}=here; Path=/; SameSite=Lax` } },
  // Lessons already carry the typographic quotes of their language; English rules would spoil the French ones.
  markdown: {
    processor: satteri({ mdastPlugins: [frenchSpacing()], features: { smartPunctuation: false } }),
  },
  integrations: [expressiveCode(codeOptions), mdx()],
  vite: {
    // The content security policy allows no inline script, however small.
    build: { assetsInlineLimit: 0 },
    server: {
      fs: { allow: ['..'] },
      proxy: { '/api': { target: api, ws: true } },
    },
  },
})
