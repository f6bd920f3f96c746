import { defineMdastPlugin } from 'satteri'
import { frenchSpaces } from './french.ts'

const FRENCH_FILE = /\.fr\.mdx?$/

/** Markdown plugin: French spacing in the prose of `*.fr.mdx` and `*.fr.md`; code keeps its bytes. */
export const frenchSpacing = () =>
  defineMdastPlugin({
    name: 'french-spacing',
    text(node, context) {
      if (!context.fileURL || !FRENCH_FILE.test(context.fileURL.pathname)) return
      const value = frenchSpaces(node.value)
      if (value !== node.value) context.replaceNode(node, { type: 'text', value })
    },
  })
