import type { HourlyAggregate, JournalEntry } from '../../connector/store.js'
import { countKeyOf, type PreparedEntry } from './prepared.js'

const hour = 3_600_000

/**
 * Scores are counted in steps of 2^-20: such numbers add up without rounding, so a sum does not depend on
 * where snapshots and crashes cut it.
 */
const grid = 2 ** 20

/**
 * Counts feedback by hour, tenant, channel, model and fault. Counts wait in memory and are added to the
 * store together with a snapshot: what a crash takes away, the replay from that snapshot counts again.
 */
export class HourlyCounter {
  #pending = new Map<string, HourlyAggregate>()

  add(entries: readonly PreparedEntry[]): void {
    for (const entry of entries) {
      if (entry.kind === 'tick') continue
      const passed = entry.kind === 'passed'
      const { tenant, channel, productModel, faultCode } = passed ? entry.count : countKeyOf(entry.feedback)
      const severityScore = passed ? entry.severity : entry.feedback.severityScore
      const at = Math.floor(entry.at / hour)
      const key = `${at}\u001f${tenant}\u001f${channel}\u001f${productModel}\u001f${faultCode}`
      const known = this.#pending.get(key)
      this.#pending.set(key, {
        hour: at,
        tenant,
        channel,
        productModel,
        faultCode,
        count: (known?.count ?? 0) + 1,
        severitySum: (known?.severitySum ?? 0) + Math.round(severityScore * grid) / grid,
      })
    }
  }

  /** What has not been handed over yet. */
  pending(): readonly HourlyAggregate[] {
    return [...this.#pending.values()]
  }

  get size(): number {
    return this.#pending.size
  }

  clear(): void {
    this.#pending = new Map()
  }
}

/** Journal entries counted by the hour, as they are added to a store's aggregates; ticks do not count. */
export function hourlyCounts(entries: readonly JournalEntry[]): readonly HourlyAggregate[] {
  const counter = new HourlyCounter()
  counter.add(entries)
  return counter.pending()
}
