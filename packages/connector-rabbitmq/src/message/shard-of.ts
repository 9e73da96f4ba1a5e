/**
 * Which of `shards` a key belongs to: the same on every machine and every run. FNV-1a over the key's UTF-8, with a last
 * stir so that its low bits count as much as the others.
 *
 * @see http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function shardOf(key: string, shards: number): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(key)) hash = Math.imul(hash ^ byte, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) % shards
}
