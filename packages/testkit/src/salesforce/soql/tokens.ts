import { SalesforceRefusal } from '../refusal.js'

export interface Token {
  readonly kind: 'word' | 'text' | 'literal' | 'mark' | 'end'
  /** Of a text its value without quotes. */
  readonly text: string
  readonly at: number
}

export const malformed = (message: string): SalesforceRefusal =>
  new SalesforceRefusal('MALFORMED_QUERY', message)

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

const pattern =
  /\s+|(?<date>\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))?)|(?<number>[+-]?\d+(?:\.\d+)?)|(?<word>[A-Za-z_][\w.]*(?::\d+)?)|'(?<text>(?:[^'\\]|\\.)*)'|(?<mark><=|>=|!=|<>|[=<>(),])/gsy

/** Splits SOQL. @throws SalesforceRefusal MALFORMED_QUERY */
export function tokensOf(query: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < query.length) {
    pattern.lastIndex = at
    const found = pattern.exec(query)
    if (found === null) throw malformed(`unexpected character '${query.slice(at, at + 1)}' at ${at}`)
    const { date, number, word, text, mark } = found.groups ?? {}
    if (date !== undefined) tokens.push({ kind: 'literal', text: date, at })
    else if (number !== undefined) tokens.push({ kind: 'literal', text: number, at })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at })
    else if (text !== undefined) tokens.push({ kind: 'text', text: unescaped(text), at })
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark === '<>' ? '!=' : mark, at })
    at = pattern.lastIndex
  }
  return [...tokens, { kind: 'end', text: '', at }]
}

/** `\%` and `\_` stay as they are: LIKE reads them. */
function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (both, letter: string) => {
    if (letter === '%' || letter === '_') return both
    if (['\\', "'", '"'].includes(letter)) return letter
    const escaped = escapes[letter]
    if (escaped === undefined) throw malformed(`Invalid string literal: illegal escape '${both}'`)
    return escaped
  })
}
