import { circlesOf } from '../scan/zones.js'
import { type Comparison, chanceOf, ratioToRest } from './comparison.js'
import type { RegionalSettings } from './regional-options.js'

/** One place: a region, or several neighbours. */
export interface Zone {
  /** Their names. */
  readonly regions: readonly string[]
  readonly cases: number
  readonly against: number
  /** Of its rate over that of all others; infinite where the others have no cases. */
  readonly ratio: number
  /** Of this place alone. */
  readonly pValue: number
}

type ZoneSettings = Pick<RegionalSettings, 'limit' | 'leastCases' | 'usualRatio'>

/** The circles around the places, each with its nearest neighbours: they do not depend on what happens there. */
export class Neighbourhood {
  readonly #names: readonly string[]
  readonly #circles: ReturnType<typeof circlesOf>

  constructor({ places, mostNeighbours }: Pick<RegionalSettings, 'places' | 'mostNeighbours'>) {
    this.#names = Object.keys(places)
    const points = Object.values(places).map(({ longitude, latitude }) => ({ x: longitude, y: latitude }))
    const ones = points.map(() => 1)
    this.#circles = circlesOf(points, ones, mostNeighbours + 1, 'globe')
  }

  get hasCircles(): boolean {
    return this.#circles.length > 0
  }

  /** How many places one look at these regions compares with their surroundings. */
  zoneCount({ compared, numbers }: Comparison): number {
    let circles = 0
    for (const [center, { sizes }] of this.#circles.entries())
      if (numbers.has(this.#names[center] ?? '')) for (const size of sizes) circles += size > 1 ? 1 : 0
    return compared + circles
  }

  /** Every place with enough cases whose rate is more than `limit` times that of all others. */
  hotZones(comparison: Comparison, settings: ZoneSettings): Zone[] {
    const found: Zone[] = []
    const { cases, against, totalCases } = comparison
    if (totalCases < settings.leastCases) return found
    for (let region = 0; region < cases.length; region++) {
      const counted = cases[region] ?? 0
      if (counted >= settings.leastCases)
        found.push(...hotZone(comparison, [region], counted, against[region] ?? 0, settings))
    }
    return this.hasCircles ? [...found, ...this.#hotCircles(comparison, settings)] : found
  }

  #hotCircles(comparison: Comparison, settings: ZoneSettings): Zone[] {
    const numbers = this.#names.map((name) => comparison.numbers.get(name) ?? -1)
    const found: Zone[] = []
    for (const [center, { neighbours, sizes }] of this.#circles.entries()) {
      if ((comparison.cases[numbers[center] ?? -1] ?? 0) === 0) continue
      const inside: number[] = []
      let cases = 0
      let against = 0
      let position = 0
      for (const size of sizes) {
        const before = inside.length
        for (; position < size; position++) {
          const number = numbers[neighbours[position] ?? -1] ?? -1
          if (number < 0) continue
          inside.push(number)
          cases += comparison.cases[number] ?? 0
          against += comparison.against[number] ?? 0
        }
        if (against > comparison.totalAgainst / 2) break
        if (inside.length > 1 && inside.length > before)
          found.push(...hotZone(comparison, inside, cases, against, settings))
      }
    }
    return found
  }
}

/** The place, when it is hot. */
function hotZone(
  comparison: Comparison,
  numbers: readonly number[],
  cases: number,
  against: number,
  { leastCases, limit, usualRatio }: ZoneSettings,
): readonly Zone[] {
  const { totalCases, totalAgainst, names } = comparison
  const rest = totalAgainst - against
  // Without others there is nothing to compare with.
  if (cases < leastCases || rest <= 0) return []
  const ratio = ratioToRest(cases, against, totalCases, totalAgainst)
  if (ratio <= limit) return []
  const regions = numbers.map((number) => names[number] ?? '')
  return [{ regions, cases, against, ratio, pValue: chanceOf(comparison, cases, against, usualRatio) }]
}

/** The least likely by chance first; those that share a region with one before are left out. */
export function apart<Found extends Zone>(zones: readonly Found[]): Found[] {
  const taken = new Set<string>()
  const sorted = [...zones].sort(
    (a, b) => a.pValue - b.pValue || a.regions.length - b.regions.length || b.ratio - a.ratio,
  )
  return sorted.filter(({ regions }) => {
    if (regions.some((region) => taken.has(region))) return false
    for (const region of regions) taken.add(region)
    return true
  })
}
