/** One step and the end of MurmurHash3 (A. Appleby, 2011; public domain), 32 bits. */
export function mixed(hash: number, part: number): number {
  let mix = Math.imul(part, 0xcc9e2d51)
  mix = Math.imul((mix << 15) | (mix >>> 17), 0x1b873593)
  const next = hash ^ mix
  return (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0
}

export function finished(hash: number): number {
  let last = hash ^ (hash >>> 16)
  last = Math.imul(last, 0x85ebca6b)
  last ^= last >>> 13
  last = Math.imul(last, 0xc2b2ae35)
  return last ^ (last >>> 16)
}

/** Of the UTF-16 units of a text; 0 to 2^32 − 1. */
export function hashOfText(text: string): number {
  let hash = text.length
  for (let i = 0; i < text.length; i++) hash = mixed(hash, text.charCodeAt(i))
  return finished(hash) >>> 0
}
