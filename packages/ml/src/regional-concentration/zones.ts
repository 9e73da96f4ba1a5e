import { circlesOf } from '../scan/zones.js'
import { type Comparison, chanceOf } from './comparison.js'
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

  /** How many places one look at these regions compares with their surroundings. */
  zoneCount({ names, numbers }: Comparison): number {
    let circles = 0
    for (const [center, { sizes }] of this.#circles.entries())
      if (numbers.has(this.#names[center] ?? '')) for (const size of sizes) circles += size > 1 ? 1 : 0
    return names.length + circles
  }

  /** Every place with enough cases whose rate is more than `limit` times that of all others. */
  hotZones(
    comparison: Comparison,
    { limit, leastCases }: Pick<RegionalSettings, 'limit' | 'leastCases'>,
  ): Zone[] {
    const { totalCases } = comparison
    if (totalCases < leastCases) return []
    const found: Zone[] = []
    for (const [region, cases] of comparison.cases.entries()) {
      if (cases < leastCases) continue
      const against = comparison.against[region] ?? 0
      const ratio = ratioIn(comparison, cases, against)
      if (ratio > limit) found.push(zoneOf(comparison, [region], cases, against, ratio))
    }
    if (this.#circles.length > 0) this.#addCircles(comparison, limit, leastCases, found)
    return found
  }

  #addCircles(comparison: Comparison, limit: number, leastCases: number, found: Zone[]): void {
    const numbers = this.#names.map((name) => comparison.numbers.get(name) ?? -1)
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
        if (inside.length === before || inside.length < 2 || cases < leastCases) continue
        const ratio = ratioIn(comparison, cases, against)
        if (ratio > limit) found.push(zoneOf(comparison, inside, cases, against, ratio))
      }
    }
  }
}

/** 0 where there is nothing else to compare with. */
function ratioIn({ totalCases, totalAgainst }: Comparison, cases: number, against: number): number {
  const rest = totalAgainst - against
  if (rest <= 0) return 0
  return (cases * rest) / (against * (totalCases - cases))
}

function zoneOf(
  comparison: Comparison,
  numbers: readonly number[],
  cases: number,
  against: number,
  ratio: number,
): Zone {
  return {
    regions: numbers.map((number) => comparison.names[number] ?? ''),
    cases,
    against,
    ratio,
    pValue: chanceOf(comparison, cases, against),
  }
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
