import type { Value } from '../runtime/value.js'
import { type FunctionSpec, ofText, ofTexts, type Run } from './function-spec.js'
import { roundHalfAway } from './number-functions.js'

/**
 * Letters of every script change case, one code point for one, so that no length changes: `ß` has no capital.
 * PostgreSQL does the same under a Unicode locale; under the C locale only A to Z change there.
 */
function mapCase(text: string, change: (text: string) => string): string {
  const changed = change(text)
  if (changed === text || onlyAscii.test(text)) return changed
  // JavaScript looks at a sigma's neighbours and writes `ß` as two letters: symbols are asked one by one.
  let result = ''
  for (const symbol of text) {
    const other = change(symbol)
    result += lengthOf(other) === 1 ? other : symbol === 'İ' ? 'i' : symbol
  }
  return result
}

const onlyAscii = /^[\x20-\x7e\s]*$/

const lower = (text: string): string => mapCase(text, (part) => part.toLowerCase())
const upper = (text: string): string => mapCase(text, (part) => part.toUpperCase())

const surrogate = /[\ud800-\udfff]/

/** In code points, as PostgreSQL counts. */
export function lengthOf(text: string): number {
  if (!surrogate.test(text)) return text.length
  let length = 0
  for (const _ of text) length++
  return length
}

/** The code points from `from` up to `to`, counted from 0. */
function slice(text: string, from: number, to: number): string {
  if (to <= from) return ''
  return surrogate.test(text) ? [...text].slice(from, to).join('') : text.slice(from, to)
}

const wholeNumber = (value: Value | undefined): number | undefined =>
  typeof value === 'number' ? roundHalfAway(value) : undefined

/**
 * Places count from 1, and those before 1 count as well: SUBSTRING('abc', 0, 2) is 'a'. A negative count is
 * an error in PostgreSQL; a rule must go on: unknown.
 */
const substring: Run = (a, b, c) => {
  const from = wholeNumber(b)
  if (typeof a !== 'string' || from === undefined) return null
  if (c === undefined) return slice(a, Math.max(0, from - 1), Number.POSITIVE_INFINITY)
  const count = wholeNumber(c)
  if (count === undefined || count < 0) return null
  return slice(a, Math.max(0, from - 1), Math.max(0, from - 1 + count))
}

/** A negative count leaves out that many at the other end. */
const left: Run = (a, b) => {
  const count = wholeNumber(b)
  if (typeof a !== 'string' || count === undefined) return null
  return slice(a, 0, count < 0 ? Math.max(0, lengthOf(a) + count) : count)
}

const right: Run = (a, b) => {
  const count = wholeNumber(b)
  if (typeof a !== 'string' || count === undefined) return null
  const length = lengthOf(a)
  return slice(a, count < 0 ? -count : Math.max(0, length - count), length)
}

/** Takes any of the characters off the ends; the space alone when none are given, as in PostgreSQL. */
function trim(atStart: boolean, atEnd: boolean): Run {
  return (a, b = ' ') => {
    if (typeof a !== 'string' || typeof b !== 'string') return null
    const symbols = [...a]
    const gone = new Set(b)
    let from = 0
    let to = symbols.length
    while (atStart && from < to && gone.has(symbols[from] ?? '')) from++
    while (atEnd && to > from && gone.has(symbols[to - 1] ?? '')) to--
    return from === 0 && to === symbols.length ? a : symbols.slice(from, to).join('')
  }
}

const replace: Run = (a, b, c) => {
  if (typeof a !== 'string' || typeof b !== 'string' || typeof c !== 'string') return null
  return b === '' ? a : a.split(b).join(c)
}

/** 1 is the first place, 0 means nowhere. */
function strpos(text: string, part: string): number {
  const found = text.indexOf(part)
  return found < 0 ? 0 : lengthOf(text.slice(0, found)) + 1
}

const length: FunctionSpec = {
  parameters: ['text'],
  result: 'number',
  whole: 'always',
  run: ofText(lengthOf),
}
const part: FunctionSpec = {
  parameters: ['text', 'number', 'number'],
  optional: 1,
  result: 'text',
  run: substring,
}
const trimmed = (atStart: boolean, atEnd: boolean): FunctionSpec => ({
  parameters: ['text', 'text'],
  optional: 1,
  result: 'text',
  run: trim(atStart, atEnd),
})

export const textFunctions = {
  LOWER: { parameters: ['text'], result: 'text', run: ofText(lower) },
  UPPER: { parameters: ['text'], result: 'text', run: ofText(upper) },
  LENGTH: length,
  CHAR_LENGTH: length,
  TRIM: trimmed(true, true),
  BTRIM: trimmed(true, true),
  LTRIM: trimmed(true, false),
  RTRIM: trimmed(false, true),
  SUBSTRING: part,
  SUBSTR: part,
  LEFT: { parameters: ['text', 'number'], result: 'text', run: left },
  RIGHT: { parameters: ['text', 'number'], result: 'text', run: right },
  REPLACE: { parameters: ['text', 'text', 'text'], result: 'text', run: replace },
  STRPOS: { parameters: ['text', 'text'], result: 'number', whole: 'always', run: ofTexts(strpos) },
  STARTS_WITH: {
    parameters: ['text', 'text'],
    result: 'boolean',
    run: ofTexts((text, start) => text.startsWith(start)),
  },
  CONCAT: { parameters: ['printable'], variadic: true, result: 'text' },
} as const satisfies Record<string, FunctionSpec>
