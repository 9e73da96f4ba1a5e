import stringWidth from 'fast-string-width'
import type { Span } from '../ast.js'

/** A text that spans point into, with its lines found once. */
export interface SourceText {
  readonly text: string
  /** What a person calls this text when it is not a rule file, e.g. `where`. */
  readonly origin?: string
  readonly lineStarts: readonly number[]
}

/** Where an offset stands: 1-based, the column in code points. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** One source line made fit for a terminal, and the caret line that belongs under it. */
export interface Excerpt {
  readonly sourceLine: string
  readonly caretLine: string
}

export function sourceText(text: string, origin?: string): SourceText {
  const lineStarts = [0]
  for (const match of text.matchAll(/\r\n|\n|\r/g)) lineStarts.push(match.index + match[0].length)
  return origin === undefined ? { text, lineStarts } : { text, origin, lineStarts }
}

function lineIndexAt(source: SourceText, offset: number): number {
  let low = 0
  let high = source.lineStarts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((source.lineStarts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

export function placeOf(source: SourceText, offset: number): Place {
  const index = lineIndexAt(source, offset)
  let column = 1
  for (const _ of source.text.slice(source.lineStarts[index] ?? 0, offset)) column++
  return { line: index + 1, column }
}

/** Longest parts of a line that are shown before and from the error on, in UTF-16 units. */
const shownBefore = 72
const shownAfter = 56

/** Tabs and control characters would move the caret away from what it points at. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, ' ')

/** A cut never leaves half of a surrogate pair behind. */
function wholeFrom(text: string, index: number): number {
  const code = text.charCodeAt(index)
  return code >= 0xdc00 && code <= 0xdfff ? index + 1 : index
}

/** The line that holds the span's start, and carets under the part of the span that stands on it. */
export function excerptOf(source: SourceText, span: Span): Excerpt {
  const index = lineIndexAt(source, span.start)
  const lineStart = source.lineStarts[index] ?? 0
  const nextStart = source.lineStarts[index + 1] ?? source.text.length + 1
  const lineEnd = lineStart + source.text.slice(lineStart, nextStart).replace(/[\r\n]+$/, '').length
  const start = Math.min(span.start, lineEnd)
  const from = start - lineStart > shownBefore ? wholeFrom(source.text, start - shownBefore) : lineStart
  const to = lineEnd - start > shownAfter ? wholeFrom(source.text, start + shownAfter) : lineEnd
  const before = (from > lineStart ? '…' : '') + printable(source.text.slice(from, start))
  const marked = printable(source.text.slice(start, Math.max(start, Math.min(span.end, to))))
  const after = printable(source.text.slice(start + marked.length, to)) + (to < lineEnd ? '…' : '')
  return {
    sourceLine: before + marked + after,
    caretLine: ' '.repeat(stringWidth(before)) + '^'.repeat(Math.max(1, stringWidth(marked))),
  }
}
