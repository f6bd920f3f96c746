/** A name as it is compared: without the final dot, in lower case. */
export const bare = (name: string) => name.replace(/\.$/, '').toLowerCase()

/** The strings of a TXT record in presentation format. */
export const partsOf = (data: string): string[] =>
  [...data.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part = '']) => part.replace(/\\(.)/g, '$1'))

/** `tag=value; …`, as DKIM, DMARC, MTA-STS and others write their records. */
export const tagsOf = (text: string): [tag: string, value: string][] =>
  text.split(';').flatMap((part): [string, string][] => {
    const at = part.indexOf('=')
    return at < 0 ? [] : [[part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()]]
  })
