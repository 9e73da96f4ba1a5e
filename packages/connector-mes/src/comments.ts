import type { MesSchemas } from './contract/operations.js'

type Told = MesSchemas['Quote']

/** One customer's words as a person at a terminal reads them: nothing is shortened. */
function paragraphOf({
  text,
  channel,
  at,
  conditions,
  evidence = [],
  productModel,
  serialNumber,
}: Told): string {
  const about = [productModel, serialNumber].filter((part) => part !== undefined).join(' ')
  const lines = [
    `${at} ${channel}${about === '' ? '' : ` ${about}`}: ${text}`,
    ...conditions.map(({ quantity, text: words }) => `  ${quantity}: ${words}`),
    ...evidence.map(
      ({ uri, derivedText }) => `  ${uri}${derivedText === undefined ? '' : `: ${derivedText}`}`,
    ),
  ]
  return lines.join('\n')
}

/** What people see as one character is not torn apart. */
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** Pieces of at most `length` UTF-16 units, parted at line ends and spaces where there are any. */
function pieces(text: string, length: number): readonly string[] {
  const found: string[] = []
  let left = text
  while (left.length > length) {
    const head = left.slice(0, length + 1)
    const space = Math.max(head.lastIndexOf('\n'), head.lastIndexOf(' '))
    const at = space > length / 2 ? space + 1 : wholeGraphemes(left, length)
    found.push(left.slice(0, at))
    left = left.slice(at)
  }
  return [...found, left]
}

/** The most whole graphemes that fit; one that does not fit alone is torn all the same. */
function wholeGraphemes(text: string, length: number): number {
  let at = 0
  for (const { segment, index } of graphemes.segment(text.slice(0, length + 64))) {
    if (index + segment.length > length) break
    at = index + segment.length
  }
  return at === 0 ? length : at
}

/**
 * The customers' words for an MES that has a comment field of at most `maxLength` UTF-16 units: several comments where one
 * does not hold them, each with its number, and none of the words lost. Joined, without the numbers, they are the text.
 *
 * @param maxLength at least 40
 */
export function commentsOf(quotes: readonly Told[], maxLength: number): readonly string[] {
  if (!Number.isInteger(maxLength) || maxLength < 40) throw new RangeError('maxLength must be at least 40')
  const text = quotes.map(paragraphOf).join('\n')
  if (text === '') return []
  if (text.length <= maxLength) return [text]
  // Room for "(12/345) ".
  const parts = pieces(text, maxLength - 16)
  return parts.map((part, index) => `(${index + 1}/${parts.length}) ${part}`)
}
