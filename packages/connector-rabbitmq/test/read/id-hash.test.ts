import { seededRandom } from '@andon/testkit'
import { expect, it } from 'vitest'
import { idHash } from '../../src/read/id-hash.js'

const buckets = 1024
const numbers = Array.from({ length: 32 * buckets }, (_, index) => index)
const seeds = [1, 2, 3, 4, 5]

const secretOf = (seed: number): Int32Array => {
  const random = seededRandom(seed)
  return Int32Array.from({ length: 514 }, () => Math.floor(random() * 2 ** 32))
}
const busiest = (hashes: readonly number[]): number => {
  const counts = new Uint32Array(buckets)
  for (const hash of hashes) counts[hash % buckets] = (counts[hash % buckets] ?? 0) + 1
  return Math.max(...counts)
}

it.each([
  ['counted', numbers.map((number) => `m-${number}`)],
  ['hexadecimal', numbers.map((number) => number.toString(16).padStart(8, '0'))],
  // The usual hashes of texts have many meet that are made of a few different blocks.
  ['long and nearly alike', numbers.map((number) => 'a'.repeat(200) + number.toString(2).padStart(16, '0'))],
])('spreads ids that are %s', (_, ids) => {
  for (const seed of seeds) {
    const hashes = ids.map(idHash(secretOf(seed)))
    expect(Math.min(...hashes)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...hashes)).toBeLessThan(2 ** 32)
    // 32 in the mean; of 1,024 buckets filled by chance the busiest has about 55.
    expect(busiest(hashes)).toBeLessThan(80)
    expect(new Set(hashes).size).toBeGreaterThan(ids.length - 8)
  }
})

it('tells ids apart that differ in their length only', () => {
  const ids = Array.from({ length: 1000 }, (_, length) => '\0'.repeat(length))
  expect(new Set(ids.map(idHash(secretOf(1)))).size).toBe(ids.length)
})

it('is another one each time, so nobody can know which ids meet', () => {
  const ids = ['m-1', 'm-2', 'm-3']
  expect(ids.map(idHash())).not.toEqual(ids.map(idHash()))
})
