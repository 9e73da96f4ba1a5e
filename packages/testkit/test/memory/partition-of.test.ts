import { partitionOf } from '@andon/testkit'
import { expect, it } from 'vitest'
import { murmur2 } from '../../src/memory/partition-of.js'

// The values of Apache Kafka's own test of its murmur2 (UtilsTest).
const hashes: readonly (readonly [string, number])[] = [
  ['21', -973_932_308],
  ['foobar', -790_332_482],
  ['a-little-bit-long-string', -985_981_536],
  ['a-little-bit-longer-string', -1_486_304_829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971],
  ['abc', 479_470_107],
]

it.each(hashes)('the hash of %s is what the Java client computes', (text, hash) => {
  expect(murmur2(Buffer.from(text))).toBe(hash)
})

it('a partition is never negative, whatever the sign of the hash', () => {
  for (const [text, hash] of hashes) expect(partitionOf(text, 16)).toBe((hash & 0x7fffffff) % 16)
})
