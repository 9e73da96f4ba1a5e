import type { Subject } from '../../connector/subject.js'
import { limitsParameter, type ParameterSubject } from './bounds.js'
import type { Limits, ParameterLimit } from './limits.js'

/**
 * The tightest of several limits, as far as they concern these subjects: ranges intersected, smallest step, longest
 * dwell, smallest number per hour, smallest blast radius, all quiet hours. A range with `low` above `high` allows nothing.
 */
export function tightest(all: readonly Limits[], subjects: readonly Subject[]): Limits | undefined {
  const parameters = subjects
    .filter((subject) => subject.kind === 'parameter')
    .flatMap((subject) => parameterLimits(all, subject))
  const perHour = least(all.map((limits) => limits.perHour))
  const units = least(all.map(({ blastRadius }) => blastRadius?.units))
  const batches = least(all.map(({ blastRadius }) => blastRadius?.batches))
  const orders = least(all.map(({ blastRadius }) => blastRadius?.orders))
  const quietHours = all.flatMap((limits) => limits.quietHours ?? [])
  const blastRadius = {
    ...(units === undefined ? {} : { units }),
    ...(batches === undefined ? {} : { batches }),
    ...(orders === undefined ? {} : { orders }),
  }
  const merged: Limits = {
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(perHour === undefined ? {} : { perHour }),
    ...(Object.keys(blastRadius).length === 0 ? {} : { blastRadius }),
    ...(quietHours.length === 0 ? {} : { quietHours }),
  }
  return Object.keys(merged).length === 0 ? undefined : merged
}

/** One per unit: what is given in different units cannot be compared, and is refused later. */
function parameterLimits(all: readonly Limits[], subject: ParameterSubject): readonly ParameterLimit[] {
  const byUnit = new Map<string, ParameterLimit>()
  for (const limit of all.flatMap(({ parameters = [] }) => parameters)) {
    if (!limitsParameter(limit, subject)) continue
    const other = byUnit.get(limit.unit) ?? limit
    byUnit.set(limit.unit, {
      equipment: subject.equipment,
      parameter: subject.id,
      unit: limit.unit,
      low: Math.max(limit.low, other.low),
      high: Math.min(limit.high, other.high),
      maxStep: Math.min(limit.maxStep, other.maxStep),
      dwellMs: Math.max(limit.dwellMs, other.dwellMs),
    })
  }
  return [...byUnit.values()]
}

function least(values: readonly (number | undefined)[]): number | undefined {
  const given = values.filter((value) => value !== undefined)
  return given.length === 0 ? undefined : Math.min(...given)
}
