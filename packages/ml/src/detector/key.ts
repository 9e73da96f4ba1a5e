/**
 * A number for a text, the same in every process, so that it can stand in a state. A column of texts gives the collector an
 * object for each of them, and the index a text to compare; a column of numbers neither.
 *
 * Two texts have one key by chance in one of 2^53, 9·10^15, pairs: beside 100,000 keys in mind a new text is taken for a
 * known one once in 9·10^10 times. Whoever makes up texts with one key gets what sending the one text twice would give him.
 *
 * @returns an integer from 0 to 2^53 − 1
 */
export function keyOf(text: string): number {
  // Two halves, each stirred with the character in its own way.
  let low = 0x3c6ef372
  let high = text.length
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    low = Math.imul(low ^ character, 0x5bd1e995)
    low ^= low >>> 15
    high = Math.imul(high + character, 0x2c1b3c6d)
    high = (high << 13) | (high >>> 19)
  }
  return keyOfHalves(low, high)
}

/** The key of two keys, in this order. */
export const keyOfPair = (first: number, second: number): number =>
  keyOfHalves(
    Math.imul(first | 0, 0x9e3779b1) + second,
    Math.imul(upperHalf(first), 0x7feb352d) + upperHalf(second),
  )

/** What stands above the lower 32 bits of a key; those are `key | 0`. */
export const upperHalf = (key: number): number => (key / 2 ** 32) | 0

/** Each bit of the one half comes to depend on all of the other. */
function keyOfHalves(low: number, high: number): number {
  let one = Math.imul(low ^ (high >>> 16), 0x85ebca6b)
  let other = Math.imul(high ^ (one >>> 13), 0x297a2d39)
  one = Math.imul(one ^ (other >>> 15), 0x165667b1)
  other ^= one >>> 14
  return (other >>> 11) * 2 ** 32 + (one >>> 0)
}
