import { CaseLog } from '../detector/case-log.js'
import { keyOf, keyOfPair } from '../detector/key.js'
import { KeyIndex } from '../detector/key-index.js'
import type { Reading } from '../detector/reading.js'
import { faultOf, modelOf } from '../detector/subject.js'
import {
  cellOf,
  countCase,
  emptyFault,
  forgetIds,
  type RegionalState,
  regionsInUse,
} from './regional-state.js'

/** Finds faults and regions in the state; what it finds with is derived from there. */
export class FaultPlaces {
  readonly #state: RegionalState
  readonly #mostFaults: number
  readonly #mostRegions: number
  /** The key of each fault by its place in the state, and the place by the key. */
  readonly #keys: number[]
  readonly #places: KeyIndex
  readonly #regions = new Map<string, number>()
  readonly #log: CaseLog

  constructor(state: RegionalState, mostFaults: number, mostRegions: number) {
    this.#state = state
    this.#mostFaults = mostFaults
    this.#mostRegions = mostRegions
    this.#log = new CaseLog(state.uncounted, (place, cell, id) => {
      const fault = state.faults[place]
      if (fault === undefined) return
      fault.touched = state.week
      countCase(fault, cell, id)
    })
    this.#keys = state.faults.map(({ model, fault }) => keyOfPair(keyOf(model), keyOf(fault)))
    this.#places = new KeyIndex(this.#keys)
    for (const place of this.#keys.keys()) this.#places.put(place)
    for (const [number, name] of state.regions.entries()) if (name !== null) this.#regions.set(name, number)
  }

  /** The numbers of regions, by name. */
  get numbers(): ReadonlyMap<string, number> {
    return this.#regions
  }

  /** The place of a fault; instead of the one that has not been reported for longest, where there are too many. */
  placeOf({ feedback, subjectKey }: Reading): number {
    const known = this.#places.find(subjectKey)
    if (known >= 0) return known
    const { faults, week } = this.#state
    const place = faults.length < this.#mostFaults ? faults.length : this.#forgetOldest()
    faults[place] = { ...emptyFault(modelOf(feedback), faultOf(feedback)), touched: week }
    this.#keys[place] = subjectKey
    this.#places.put(place)
    return place
  }

  /** Adds a case of the fault at the place, reported this week. */
  add(place: number, week: number, region: number, id: string): void {
    this.#log.add(place, cellOf(week, region), id)
  }

  /** The same in a region that is not kept in mind. */
  addUncounted(place: number): void {
    const fault = this.#state.faults[place]
    if (fault === undefined) return
    fault.touched = this.#state.week
    fault.uncounted++
  }

  /** What was added counts from here on. */
  countAll(): void {
    this.#log.countAll()
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

  #forgetOldest(): number {
    this.#log.countAll()
    const { faults } = this.#state
    let place = 0
    for (const [other, { touched }] of faults.entries())
      if (touched < (faults[place]?.touched ?? 0)) place = other
    this.#places.remove(place)
    return place
  }
}
