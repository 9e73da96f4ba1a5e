import { describe, expect, it } from 'vitest'
import type { JournalEntry } from '../../../../src/connector/store.js'
import { complaint, engine, start, tick } from '../feed.js'

/**
 * The sample of Esper's reference, appendix "Output Reference and Samples", for
 * `select symbol, sum(price) from MarketData.win:time(5.5 sec)`: seconds, symbol, price, and the sum reported.
 */
const sample = [
  [0.2, 'IBM', 25, 25],
  [0.8, 'MSFT', 9, 34],
  [1.5, 'IBM', 24, 58],
  [1.5, 'YAH', 1, 59],
  [2.1, 'IBM', 26, 85],
  [3.5, 'YAH', 2, 87],
  [4.3, 'IBM', 22, 109],
  [4.9, 'YAH', 3, 112],
  [5.9, 'YAH', 1, 88],
] as const

const journal = sample.map(
  ([seconds, symbol, price], place): JournalEntry =>
    complaint(place + 1, seconds, { productModel: symbol, usageAtFailure: { value: price, unit: 'km' } }),
)

const rule = (name: string, having: string): string =>
  `CREATE RULE ${name} AS SELECT SUM(usage_at_failure.value) AS total FROM feedbacks
   WINDOW SLIDING INTERVAL '5500 milliseconds' ${having} ESCALATE TO team;`

/** Seconds, the symbol of what came (absent when time alone is the cause), and the sum. */
function sums(rules: string, until: number): readonly unknown[] {
  return engine(rules)
    .observe([...journal, tick(journal.length + 1, until)])
    .firings.map(({ at, trigger, facts }) => [(at - start) / 1000, trigger?.productModel, facts.total])
}

describe("the published sample of Esper's time window", () => {
  it('gives the published sum whenever an event comes', () => {
    const published = sample.map(([seconds, symbol, , sum]) => [seconds, symbol, sum])
    expect(sums(rule('figures', ''), 7.2)).toEqual(published)
  })

  it('lets E1 leave at 5.7 seconds, E2 at 6.3, and E3 and E4 at 7.0', () => {
    const counts = sample.map((_, n) => rule(`count_${n + 1}`, `HAVING COUNT(*) = ${n + 1}`)).join('\n')
    expect(sums(counts, 7.2).slice(-4)).toEqual([
      [5.7, undefined, 87],
      [5.9, 'YAH', 88],
      [6.3, undefined, 79],
      [7, undefined, 54],
    ])
  })
})
