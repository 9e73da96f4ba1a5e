import type { FieldType, Value } from './field.js'
import { ODataProblem, type ODataVersion } from './problem.js'
import { exactInstant, secondsOfDay } from './values.js'

/** A constant in a URL. A number's text is kept, so that it stays exact. */
export type Literal =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: string }
  | { readonly kind: 'flag'; readonly value: boolean }
  | { readonly kind: 'instant'; readonly value: number }
  | { readonly kind: 'time'; readonly value: number }
  | { readonly kind: 'null' }

export type LiteralKind = Literal['kind']

/** What kind of constant a field is compared with. */
export const kindOf: Readonly<Record<FieldType, LiteralKind>> = {
  text: 'text',
  flag: 'flag',
  decimal: 'number',
  integer: 'number',
  day: 'instant',
  instant: 'instant',
  time: 'time',
}

export type Token =
  | { readonly type: 'literal'; readonly literal: Literal }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'mark'; readonly mark: '(' | ')' | ',' | '=' }

export const malformed = (what: string): ODataProblem =>
  new ODataProblem(400, '/IWFND/CM_MGW/170', `Malformed URI: ${what}`)

const literal = (one: Literal): Token => ({ type: 'literal', literal: one })

/** A constant with its type in front: `datetime'2026-01-01T00:00:00'`. V2 only. */
function typed(type: string, content: string): Token {
  const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/
  const offset = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
  const instant =
    type === 'datetime' || type === 'datetimeoffset'
      ? exactInstant(content, type === 'datetime' ? local : offset)
      : undefined
  if (instant !== undefined) return literal({ kind: 'instant', value: instant })
  const seconds = type === 'time' ? secondsOfDay(content, 2) : undefined
  if (seconds !== undefined) return literal({ kind: 'time', value: seconds })
  throw malformed(`${type}'${content}'`)
}

const rules: readonly {
  readonly pattern: RegExp
  readonly versions: readonly ODataVersion[]
  readonly token: (match: readonly string[]) => Token
}[] = [
  {
    pattern: /'((?:[^']|'')*)'/y,
    versions: [2, 4],
    token: ([, inner = '']) => literal({ kind: 'text', value: inner.replaceAll("''", "'") }),
  },
  {
    pattern: /(datetimeoffset|datetime|time)'([^']*)'/y,
    versions: [2],
    token: ([, type = '', content = '']) => typed(type, content),
  },
  {
    pattern: /\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))?/y,
    versions: [4],
    token: ([whole = '']) => literal({ kind: 'instant', value: exactInstant(whole, /./) ?? Number.NaN }),
  },
  {
    pattern: /\d\d:\d\d:\d\d/y,
    versions: [4],
    token: ([whole = '']) => literal({ kind: 'time', value: secondsOfDay(whole, 4) ?? Number.NaN }),
  },
  {
    pattern: /(-?\d+(?:\.\d+)?)[MmLl]?(?![\w.])/y,
    versions: [2],
    token: ([, digits = '']) => literal({ kind: 'number', value: digits }),
  },
  {
    pattern: /(-?\d+(?:\.\d+)?)(?![\w.])/y,
    versions: [4],
    token: ([, digits = '']) => literal({ kind: 'number', value: digits }),
  },
  {
    pattern: /(true|false)\b/y,
    versions: [2, 4],
    token: ([, word]) => literal({ kind: 'flag', value: word === 'true' }),
  },
  { pattern: /null\b/y, versions: [2, 4], token: () => literal({ kind: 'null' }) },
  {
    pattern: /[A-Za-z_]\w*(?:\/[A-Za-z_]\w*)*/y,
    versions: [2, 4],
    token: ([name = '']) => ({ type: 'name', name }),
  },
  {
    pattern: /[(),=]/y,
    versions: [2, 4],
    token: ([mark]) => ({ type: 'mark', mark: mark === '(' || mark === ')' || mark === ',' ? mark : '=' }),
  },
]

/** The tokens of a filter, a key or an argument list. Throws an {@link ODataProblem}. */
export function tokens(source: string, version: ODataVersion): readonly Token[] {
  const found: Token[] = []
  let at = 0
  while (at < source.length) {
    if (source[at] === ' ') {
      at += 1
      continue
    }
    const start = at
    for (const { pattern, versions, token } of rules) {
      if (!versions.includes(version)) continue
      pattern.lastIndex = at
      const match = pattern.exec(source)
      if (match === null) continue
      found.push(token(match))
      at = pattern.lastIndex
      break
    }
    if (at === start) throw malformed(`"${source.slice(at, at + 20)}"`)
  }
  return found
}

/** A constant as a field keeps it; undefined when it is of another kind. */
export function literalValue(one: Literal, type: FieldType): Value | undefined {
  if (one.kind === 'null') return null
  if (one.kind !== kindOf[type]) return undefined
  return type === 'integer' ? Number(one.value) : one.value
}
