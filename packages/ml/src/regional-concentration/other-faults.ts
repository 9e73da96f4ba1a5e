import type { Comparison } from './comparison.js'
import { casesSince, type FaultRegions, type RegionalState } from './regional-state.js'
import type { Zone } from './zones.js'

/**
 * How many times as much as elsewhere everything else that is said of the model has risen in a place. A market that grows
 * has more of every fault, which is no concentration of one.
 *
 * @returns 1 or more; infinite for a new market, from which nothing at all was heard of the model in the first half of the
 *   time before. ½ is added to each number, after Haldane, so that few cases prove little
 */
export function riseOfOthers(
  { faults, regions: names }: RegionalState,
  fault: FaultRegions,
  { from, since }: Comparison,
  { regions }: Zone,
): number {
  const inside = new Set(regions)
  const [first, start] = [since / 7, from / 7]
  const starts = [first, (first + start) / 2, start]
  const [here, elsewhere] = [
    { now: 0, before: 0 },
    { now: 0, before: 0 },
  ]
  let isNew = true
  for (const other of faults) {
    if (other.model !== fault.model) continue
    const [early, late, now] = casesSince(other, starts, names.length)
    for (const [region, name] of names.entries()) {
      const isHere = inside.has(name ?? '')
      const before = early?.[region] ?? 0
      if (isHere && before > 0) isNew = false
      if (other === fault) continue
      const side = isHere ? here : elsewhere
      side.now += now?.[region] ?? 0
      side.before += before + (late?.[region] ?? 0)
    }
  }
  if (isNew) return Number.POSITIVE_INFINITY
  const rise = (side: { now: number; before: number }): number => (side.now + 0.5) / (side.before + 0.5)
  return Math.max(1, rise(here) / rise(elsewhere))
}
