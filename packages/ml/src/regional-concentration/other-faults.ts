import type { Comparison } from './comparison.js'
import { casesSince, type FaultRegions, type RegionalState } from './regional-state.js'
import type { Zone } from './zones.js'

/**
 * How many times as much as elsewhere everything else that is said of the model has risen in a place. A market that grows
 * has more of every fault, which is no concentration of one.
 *
 * @returns 1 or more; infinite for a place from which nothing at all was heard of the model before. ½ is added to each
 *   number, after Haldane, so that few cases prove little
 */
export function riseOfOthers(
  { faults, regions: names }: RegionalState,
  fault: FaultRegions,
  { from, since }: Comparison,
  { regions, against }: Zone,
): number {
  const inside = new Set(regions)
  const week = from / 7
  const [here, elsewhere] = [
    { now: 0, before: 0 },
    { now: 0, before: 0 },
  ]
  for (const other of faults) {
    if (other === fault || other.model !== fault.model) continue
    const [before, now] = casesSince(other, [since / 7, week], names.length)
    for (const [region, name] of names.entries()) {
      const side = inside.has(name ?? '') ? here : elsewhere
      side.now += now?.[region] ?? 0
      side.before += before?.[region] ?? 0
    }
  }
  if (against === 0 && here.before === 0) return Number.POSITIVE_INFINITY
  const rise = (side: { now: number; before: number }): number => (side.now + 0.5) / (side.before + 0.5)
  return Math.max(1, rise(here) / rise(elsewhere))
}
