import { must, mustBeBetween0And1, mustNotBeNegative } from '../check.js'
import { twoSidedDeviate } from '../distributions/normal.js'

/** One unit's history, in ages: when it failed, again and again, and how old it was when it was last seen. */
export interface UnitHistory {
  readonly events: readonly number[]
  /** The age until which it was watched; a failure at that age counts. */
  readonly end: number
}

export interface MeanCumulativeStep {
  readonly age: number
  /** Units watched until this age at least. */
  readonly atRisk: number
  readonly events: number
  /** Failures per unit by this age. */
  readonly mean: number
  readonly standardError: number
  /** mean·exp(∓z·se/mean): never below 0. */
  readonly lower: number
  readonly upper: number
}

/**
 * How often a unit has failed by an age, on average, when units fail more than once and are of different age.
 *
 * M(t) = Σ dⱼ/rⱼ over tⱼ ≤ t; its variance without assuming independent failures:
 * Σ over units (Σⱼ (dᵢⱼ − dⱼ/rⱼ)/rⱼ)², over the ages at which the unit was at risk
 *
 * Without events there are no steps.
 *
 * @param confidence two-sided, .95 unless told
 * @throws AndonError OPTIONS_INVALID for a negative age, or a failure after the end
 * @see W. Nelson, J. Qual. Technol. 20 (1988) 24–35; J. F. Lawless, C. Nadeau, Technometrics 37 (1995) 158–168
 */
export function meanCumulative(units: readonly UnitHistory[], confidence = 0.95): MeanCumulativeStep[] {
  mustBeBetween0And1(confidence, 'meanCumulative.confidence')
  mustBeHistories(units)
  const z = twoSidedDeviate(confidence)
  const ages = eventsByAge(units)
  const ends = units.map(({ end }, unit) => ({ end, unit })).sort((a, b) => a.end - b.end)
  const own = new Float64Array(units.length)
  // Of the units that are still watched, the sums Σ aᵢ and Σ aᵢ², where aᵢ = Σ dᵢⱼ/rⱼ; the unit's term of the variance
  // is (aᵢ − h)², h = Σ dⱼ/rⱼ². It stays what it is once the unit is no longer watched.
  let sum = 0
  let squares = 0
  let settled = 0
  let h = 0
  let mean = 0
  let left = 0
  return [...ages]
    .sort(([a], [b]) => a - b)
    .map(([age, failed]) => {
      for (let next = ends[left]; next !== undefined && next.end < age; next = ends[++left]) {
        const a = own[next.unit] ?? 0
        settled += (a - h) ** 2
        sum -= a
        squares -= a ** 2
      }
      const atRisk = units.length - left
      for (const unit of failed) {
        const before = own[unit] ?? 0
        const after = before + 1 / atRisk
        own[unit] = after
        sum += after - before
        squares += after ** 2 - before ** 2
      }
      mean += failed.length / atRisk
      h += failed.length / atRisk ** 2
      const variance = settled + Math.max(0, squares - 2 * h * sum + atRisk * h ** 2)
      const standardError = Math.sqrt(variance)
      const reach = Math.exp((z * standardError) / mean)
      return {
        age,
        atRisk,
        events: failed.length,
        mean,
        standardError,
        lower: mean / reach,
        upper: mean * reach,
      }
    })
}

/** Per age, the units that failed then, once for each failure. */
function eventsByAge(units: readonly UnitHistory[]): Map<number, number[]> {
  const byAge = new Map<number, number[]>()
  for (const [unit, { events }] of units.entries())
    for (const age of events) {
      const failed = byAge.get(age)
      if (failed === undefined) byAge.set(age, [unit])
      else failed.push(unit)
    }
  return byAge
}

function mustBeHistories(units: readonly UnitHistory[]): void {
  for (const [unit, { events, end }] of units.entries()) {
    mustNotBeNegative(end, `meanCumulative.units.${unit}.end`)
    for (const [index, age] of events.entries()) {
      const argument = `meanCumulative.units.${unit}.events.${index}`
      mustNotBeNegative(age, argument)
      must(age <= end, argument, {
        en: `must not be after the end of watching, ${end}`,
        zh: `不得晚于观察结束 ${end}`,
      })
    }
  }
}
