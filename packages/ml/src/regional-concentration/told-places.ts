import type { Measured } from './measure.js'
import type { FaultRegions } from './regional-state.js'
import type { Zone } from './zones.js'

/**
 * The name of the problem when it is to be told: that of its worst region when it was told first, so that a circle that
 * grows, or whose middle moves, stays one problem.
 *
 * @returns null when it is told already, and neither sure by now nor of twice as many cases
 */
export function newsOf(
  fault: FaultRegions,
  { regions, cases }: Zone,
  { level, worst }: Measured,
  week: number,
): string | null {
  const known = fault.told.find((told) => told.regions.some((region) => regions.includes(region)))
  if (known !== undefined) known.seen = week
  const isNews =
    known === undefined || (level === 'confirmed' && known.level === 'likely') || cases >= 2 * known.cases
  if (!isNews) return null
  const name = known?.name ?? worst
  fault.told = [...fault.told.filter((told) => told !== known), { name, regions, level, cases, seen: week }]
  return name
}
