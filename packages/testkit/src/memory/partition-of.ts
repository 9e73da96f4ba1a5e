const multiplier = 0x5bd1e995
const seed = 0x9747b28c | 0

/** Mixes four bytes that were read as one little-endian word. */
function mixed(word: number): number {
  const spread = Math.imul(word, multiplier)
  return Math.imul(spread ^ (spread >>> 24), multiplier)
}

/** MurmurHash2, 32 bits, as Kafka's Java client computes it: a signed number. Source: Austin Appleby, public domain. */
export function murmur2(bytes: Uint8Array): number {
  const { length } = bytes
  const whole = length - (length % 4)
  const view = new DataView(bytes.buffer, bytes.byteOffset, length)
  let hash = seed ^ length
  for (let at = 0; at < whole; at += 4) hash = Math.imul(hash, multiplier) ^ mixed(view.getInt32(at, true))
  let rest = 0
  for (let at = length - 1; at >= whole; at -= 1) rest = (rest << 8) | view.getUint8(at)
  if (length > whole) hash = Math.imul(hash ^ rest, multiplier)
  hash = Math.imul(hash ^ (hash >>> 13), multiplier)
  return hash ^ (hash >>> 15)
}

/** The partition of a key, from 0 to `partitions - 1`: the one that Kafka's default partitioner takes. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions
}
