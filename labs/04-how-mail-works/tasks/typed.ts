import type { Text } from '../../../checker/step.ts'

/** Commands are the same in every language. */
export const typed = (commands: string): Text => {
  const block = `\`\`\`bash title="desk"\n${commands.trim()}\n\`\`\``
  return { en: block, fr: block }
}
