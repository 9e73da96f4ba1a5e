import {
  emptyFault,
  type FaultRegions,
  forgetIds,
  type RegionalState,
  regionsInUse,
} from './regional-state.js'

/** Finds faults and regions in the state; what it finds with is derived from there. */
export class FaultPlaces {
  readonly #state: RegionalState
  readonly #mostFaults: number
  readonly #mostRegions: number
  /** Model → fault → place in the state. */
  readonly #places = new Map<string, Map<string, number>>()
  readonly #regions = new Map<string, number>()

  constructor(state: RegionalState, mostFaults: number, mostRegions: number) {
    this.#state = state
    this.#mostFaults = mostFaults
    this.#mostRegions = mostRegions
    for (const [place, { model, fault }] of state.faults.entries()) this.#put(model, fault, place)
    for (const [number, name] of state.regions.entries()) if (name !== null) this.#regions.set(name, number)
  }

  /** The numbers of regions, by name. */
  get numbers(): ReadonlyMap<string, number> {
    return this.#regions
  }

  /** The fault, reported this week; instead of the one that has not been reported for longest, where there are too many. */
  touch(model: string, fault: string): FaultRegions {
    const { faults, week } = this.#state
    const known = this.#places.get(model)?.get(fault)
    const place = known ?? (faults.length < this.#mostFaults ? faults.length : this.#forgetOldest())
    const touched = (known === undefined ? undefined : faults[place]) ?? emptyFault(model, fault)
    touched.touched = week
    if (known === undefined) {
      faults[place] = touched
      this.#put(model, fault, place)
    }
    return touched
  }

  /** The number of a region; −1 where there are too many. */
  regionOf(name: string): number {
    const known = this.#regions.get(name)
    if (known !== undefined) return known
    const { regions } = this.#state
    const free = regions.length < this.#mostRegions ? regions.length : regions.indexOf(null)
    if (free < 0) return -1
    regions[free] = name
    this.#regions.set(name, free)
    return free
  }

  /** Forgets regions without a case, where there are as many as may be: customers write anything. */
  forgetRegions(): void {
    const { regions } = this.#state
    if (this.#regions.size < this.#mostRegions) return
    const used = regionsInUse(this.#state)
    for (const [number, name] of regions.entries()) {
      if (name === null || used.has(number)) continue
      regions[number] = null
      this.#regions.delete(name)
    }
    for (const fault of this.#state.faults) forgetIds(fault, used)
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
