import { getRandomValues } from 'node:crypto'

/** AMQP has no longer message ids (bytes), and in UTF-16 units they are at most as long. */
const longest = 255
/** For each of the two sums: one number at first, one for the length, one for each unit. */
const summands = longest + 2

const random = (): Int32Array => getRandomValues(new Int32Array(2 * summands))

/**
 * A hash of message ids, 0 to 2^32 − 1, with a secret of its own. Whoever chooses the ids cannot make many of them meet:
 * two that differ have the same hash with one secret in 2^32.
 *
 * It is MULTILINEAR over 32 bits, twice: of each sum the upper 16 bits are strongly universal. Of an id that is too long
 * only the length and the first 255 units count.
 *
 * @param secret 514 random numbers
 * @see D. Lemire, O. Kaser: Strongly Universal String Hashing is Fast. The Computer Journal 57 (2014)
 */
export function idHash(secret: Int32Array = random()): (id: string) => number {
  const [high, low] = [secret.subarray(0, summands), secret.subarray(summands)]
  return (id) => {
    const length = Math.min(id.length, longest)
    // The length is the first unit, so an id and the same id with zeros behind it differ.
    let upper = ((high[0] ?? 0) + Math.imul(high[1] ?? 0, id.length)) | 0
    let lower = ((low[0] ?? 0) + Math.imul(low[1] ?? 0, id.length)) | 0
    for (let index = 0; index < length; index += 1) {
      const unit = id.charCodeAt(index)
      upper = (upper + Math.imul(high[index + 2] ?? 0, unit)) | 0
      lower = (lower + Math.imul(low[index + 2] ?? 0, unit)) | 0
    }
    return ((upper & 0xffff0000) | (lower >>> 16)) >>> 0
  }
}
