const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}
const blocks = new Set('p div br tr li h1 h2 h3 h4 h5 h6 table ul ol blockquote hr'.split(' '))
const silent = new Set('script style head title'.split(' '))

/**
 * The words of an HTML mail body, one line per block, without what a mail program quotes
 * (`<blockquote>`, `gmail_quote`, `divRplyFwdMsg`). One pass over the tags: linear, whatever the markup.
 */
export function htmlWords(html: string): string {
  const words: string[] = []
  let at = 0
  let hidden: { tag: string; depth: number } | undefined
  while (at < html.length) {
    const open = html.indexOf('<', at)
    const end = open < 0 ? html.length : open
    if (hidden === undefined && end > at) words.push(decode(html.slice(at, end)))
    if (open < 0) break
    if (html.startsWith('<!--', open)) {
      const closed = html.indexOf('-->', open + 4)
      at = closed < 0 ? html.length : closed + 3
      continue
    }
    const close = html.indexOf('>', open)
    if (close < 0) break
    const tag = /^\/?([a-z][a-z0-9]*)/i.exec(html.slice(open + 1, Math.min(close, open + 30)))
    const name = tag?.[1]?.toLowerCase() ?? ''
    const closing = html[open + 1] === '/'
    if (hidden !== undefined) {
      if (name === hidden.tag) hidden.depth += closing ? -1 : 1
      if (hidden.depth === 0) hidden = undefined
    } else if (!closing && hides(name, html.slice(open, Math.min(close, open + 500)))) {
      hidden = { tag: name, depth: 1 }
    } else if (blocks.has(name)) words.push('\n')
    at = close + 1
  }
  return words
    .join('')
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function hides(name: string, tag: string): boolean {
  if (silent.has(name) || name === 'blockquote') return true
  return name === 'div' && /gmail_quote|divRplyFwdMsg|yahoo_quoted|moz-cite-prefix|gmail_signature/.test(tag)
}

function decode(text: string): string {
  if (!text.includes('&')) return text.replace(/[\r\n]+/g, ' ')
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/&(#x?[0-9a-f]{1,6}|[a-z]{2,8});/gi, (whole, entity: string) => {
      if (!entity.startsWith('#')) return entities[entity.toLowerCase()] ?? whole
      const point = /^#x/i.test(entity)
        ? Number.parseInt(entity.slice(2), 16)
        : Number.parseInt(entity.slice(1), 10)
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole
    })
}
