import type { Text } from '../../../checker/step.ts'

/** Commands are the same in every language; a sentence may follow them. */
export const typed = (commands: string, then?: Text, title = 'server'): Text => {
  const block = `\`\`\`bash title="${title}"\n${commands.trim()}\n\`\`\``
  return then ? { en: `${block}\n\n${then.en}`, fr: `${block}\n\n${then.fr}` } : { en: block, fr: block }
}
