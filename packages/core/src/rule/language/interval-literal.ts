import type { Interval, Span } from '../ast.js'
import type { Cursor, Expectation } from './cursor.js'
import { intervalUnits, parseInterval } from './interval.js'
import { candidateRank, candidates, suggest } from './suggest.js'

const intervalText: Expectation = {
  label: { en: "a length such as '24 hours'", zh: "时长，例如 '24 hours'" },
}
const unitCandidates = candidates(
  intervalUnits.filter((unit) => unit.length > 3),
  candidateRank.keyword,
)
const knownUnits = new Set(intervalUnits)

/** The text with its misspelt units put right, if that makes an interval of it. */
function mended(text: string): string | undefined {
  const better = text.replace(/[a-z]+/gi, (word) =>
    knownUnits.has(word.toLowerCase()) ? word : (suggest(word, unitCandidates) ?? word),
  )
  return better !== text && parseInterval(better) !== undefined ? `'${better}'` : undefined
}

/**
 * Reads the string behind INTERVAL, which is the current token.
 * @returns undefined when it is no interval: that is reported, and parsing goes on behind it
 */
export function readInterval(cursor: Cursor): Interval | undefined {
  cursor.expect(intervalText)
  const { token } = cursor
  if (token.kind !== 'string') return cursor.fail()
  cursor.advance()
  const value = parseInterval(token.value)
  if (value === undefined) {
    cursor.diagnostics.add(cursor.source, token, {
      code: 'wrong-value',
      message: {
        en: "this is not an interval such as '24 hours', '1 day 2 hours', '01:30:00' or 'P1DT2H'",
        zh: "这不是有效的时长，例如 '24 hours'、'1 day 2 hours'、'01:30:00' 或 'P1DT2H'",
      },
      suggestion: mended(token.value),
    })
  }
  return value
}

export interface PlacedInterval {
  readonly value: Interval
  readonly span: Span
}

/** Reads `INTERVAL '…'`. */
export function readIntervalClause(cursor: Cursor): PlacedInterval | undefined {
  const { start } = cursor.token
  cursor.needKeyword('INTERVAL')
  const value = readInterval(cursor)
  return value === undefined ? undefined : { value, span: cursor.spanFrom(start) }
}
