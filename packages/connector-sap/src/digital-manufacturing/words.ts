import type { Action, Quote } from '@andon/core/connector'

/** Why, and the customers' own words with what was read from them and where the pictures are. Nothing is shortened. */
export function wordsOf(action: Action): string {
  const { reason } = action.params
  const why = typeof reason === 'string' ? [reason] : []
  return [...why, action.reason.en, action.reason.zh, ...action.quotes.map(quoteText)].join('\n')
}

function quoteText(quote: Quote): string {
  const { channel, at, language, productModel, serialNumber, feedbackId, text, conditions } = quote
  const about = [channel, at, language, productModel, serialNumber, feedbackId]
  const facts = conditions.map(({ quantity, min, max, unit, text: words }) => {
    const range = [min, max].filter((bound) => bound !== undefined).join(' … ')
    return `${quantity}: ${words}${range === '' ? '' : ` (${range}${unit === undefined ? '' : ` ${unit}`})`}`
  })
  const evidence = (quote.evidence ?? []).flatMap(({ uri, mime, sha256, derivedText }) => [
    `${mime} ${uri}${sha256 === undefined ? '' : ` sha256 ${sha256}`}`,
    ...(derivedText === undefined ? [] : [derivedText]),
  ])
  return [`[${about.filter((part) => part !== undefined).join(' ')}]`, text, ...facts, ...evidence].join('\n')
}

/** Where a text may be cut so that it is at most `most` UTF-16 units long: never within a character. */
function cutAt(text: string, most: number): number {
  if (text.length <= most) return text.length
  const last = text.charCodeAt(most - 1)
  return last >= 0xd800 && last <= 0xdbff ? most - 1 : most
}

/** The text in pieces of at most `size`, at most `count` of them, and what is left over. */
export function piecesOf(
  text: string,
  size: number,
  count: number,
): { readonly pieces: readonly string[]; readonly left: string } {
  const pieces: string[] = []
  let left = text
  while (left !== '' && pieces.length < count) {
    const end = cutAt(left, size)
    pieces.push(left.slice(0, end))
    left = left.slice(end)
  }
  return { pieces, left }
}

/** As much of the text as fits, and in its last line how much does not and where all of it is. */
export function shortened(text: string, most: number, whole: string): { text: string; left: number } {
  if (text.length <= most) return { text, left: 0 }
  const note = (left: number): string => `\n… ${left} more characters: ${whole}`
  const end = cutAt(text, Math.max(0, most - note(text.length).length))
  const left = text.length - end
  return { text: `${text.slice(0, end)}${note(left)}`, left }
}
