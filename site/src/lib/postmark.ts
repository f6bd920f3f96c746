/**
 * The mark of a task that holds: a post office's cancellation with the word around it and the day in its middle.
 * Built as DOM in the page and as text in static pages, so it is plain SVG text. `id` must be unique in the page.
 */
export interface PostmarkText {
  id: string
  /** Around the top and the bottom; short capitals. */
  top: string
  bottom: string
  /** Two short lines in the middle: day, time. */
  lines: readonly [string, string]
}

const asText = (text: string) => text.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`)

/** The inside of an `<svg viewBox="0 0 150 100">`. Colour is `currentColor`. */
export function postmark({ id, top, bottom, lines }: PostmarkText): string {
  const waves = [28, 39, 50, 61, 72].map(y => `<path d="M97 ${y}q7-6 14 0t14 0t14 0t10-3"/>`).join('')
  return `<defs><path id="${id}-t" d="M14.5 50a35.5 35.5 0 0 1 71 0"/><path id="${id}-b" d="M9.5 50a40.5 40.5 0 0 0 81 0"/></defs>
<g fill="none" stroke="currentColor" stroke-width="2.2"><circle cx="50" cy="50" r="47"/><circle cx="50" cy="50" r="30" stroke-width="1.4"/>${waves}</g>
<g fill="currentColor" font-family="var(--font-sans)" font-weight="700" text-anchor="middle" style="font-stretch:80%">
<text font-size="11" letter-spacing="0.6"><textPath href="#${id}-t" startOffset="50%">${asText(top)}</textPath></text>
<text font-size="11" letter-spacing="0.6"><textPath href="#${id}-b" startOffset="50%">${asText(bottom)}</textPath></text>
<text x="50" y="47" font-size="13">${asText(lines[0])}</text><text x="50" y="62" font-size="13">${asText(lines[1])}</text></g>`
}
