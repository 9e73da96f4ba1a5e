import { emptyFault, type FaultRegions, type RegionalState, type RegionCases } from './regional-state.js'

/** Finds faults and their regions in the state; what it finds with is derived from there. */
export class FaultPlaces {
  readonly #state: RegionalState
  readonly #most: number
  /** Model → fault → place in the state. */
  readonly #places = new Map<string, Map<string, number>>()
  /** By place; of the array they were derived from, for looks replace it. */
  readonly #regions: { readonly of: readonly RegionCases[]; readonly byName: Map<string, RegionCases> }[] = []

  /** @param most faults that are kept */
  constructor(state: RegionalState, most: number) {
    this.#state = state
    this.#most = most
    for (const [place, { model, fault }] of state.faults.entries()) this.#put(model, fault, place)
  }

  /** The fault, reported this week; instead of the one that has not been reported for longest, where there are too many. */
  touch(model: string, fault: string): { readonly touched: FaultRegions; readonly place: number } {
    const { faults, week } = this.#state
    const known = this.#places.get(model)?.get(fault)
    const place = known ?? (faults.length < this.#most ? faults.length : this.#forgetOldest())
    const touched = (known === undefined ? undefined : faults[place]) ?? emptyFault(model, fault)
    touched.touched = week
    if (known === undefined) {
      faults[place] = touched
      this.#put(model, fault, place)
    }
    return { touched, place }
  }

  /** The region of the fault at a place; null when it would be one too many. */
  regionOf({ regions }: FaultRegions, place: number, name: string, most: number): RegionCases | null {
    let derived = this.#regions[place]
    if (derived?.of !== regions) {
      derived = { of: regions, byName: new Map(regions.map((region) => [region.name, region])) }
      this.#regions[place] = derived
    }
    const known = derived.byName.get(name)
    if (known !== undefined) return known
    if (regions.length >= most) return null
    const region: RegionCases = { name, weeks: [], counts: [], ids: [] }
    regions.push(region)
    derived.byName.set(name, region)
    return region
  }

  #put(model: string, fault: string, place: number): void {
    const faults = this.#places.get(model) ?? new Map<string, number>()
    this.#places.set(model, faults)
    faults.set(fault, place)
  }

  #forgetOldest(): number {
    const { faults } = this.#state
    let place = 0
    for (const [other, { touched }] of faults.entries())
      if (touched < (faults[place]?.touched ?? 0)) place = other
    const oldest = faults[place]
    const ofModel = this.#places.get(oldest?.model ?? '')
    ofModel?.delete(oldest?.fault ?? '')
    if (ofModel?.size === 0) this.#places.delete(oldest?.model ?? '')
    return place
  }
}
