import { emptyRecency, type RecencyState, takePlace, useAgain } from '../detector/last-used.js'
import { emptyFault, FaultMemory, type FaultState } from './fault-state.js'
import { emptyNameless, NamelessMemory, type NamelessState } from './nameless-state.js'
import type { RecurrenceSettings } from './recurrence-options.js'

export type RecurrenceState = {
  /** The latest arrival so far, in milliseconds: the time up to which units were watched. */
  now: number
  /** Faults of models, by place. */
  readonly faults: FaultState[]
  /** In which order they were reported last. */
  readonly recency: RecencyState
  readonly nameless: NamelessState
}

export const emptyState = (): RecurrenceState => ({
  now: 0,
  faults: [],
  recency: emptyRecency(),
  nameless: emptyNameless(),
})

/** Finds the state's faults and units by their names. */
export class RecurrenceMemory {
  readonly nameless: NamelessMemory
  readonly #state: RecurrenceState
  readonly #settings: RecurrenceSettings
  /** Model → fault → place: looking up twice costs less than joining two names. */
  readonly #places = new Map<string, Map<string, number>>()
  /** By place; made when it is first wanted. */
  readonly #faults: (FaultMemory | undefined)[] = []

  constructor(state: RecurrenceState, settings: RecurrenceSettings) {
    this.#state = state
    this.#settings = settings
    this.nameless = new NamelessMemory(state.nameless, settings.mostFaults)
    for (const [place, { model, fault }] of state.faults.entries()) this.#of(model).set(fault, place)
  }

  /** The fault, which is now the one reported last. */
  touch(model: string, fault: string): FaultMemory {
    const places = this.#of(model)
    const known = places.get(fault)
    if (known !== undefined) {
      useAgain(this.#state.recency, known)
      const memory = this.#faults[known]
      const state = this.#state.faults[known]
      if (memory !== undefined) return memory
      if (state !== undefined) return this.#remember(known, state)
    }
    const place = takePlace(this.#state.recency, this.#settings.mostFaults)
    this.#forget(place)
    places.set(fault, place)
    const state = emptyFault(model, fault, this.#settings)
    this.#state.faults[place] = state
    return this.#remember(place, state)
  }

  #remember(place: number, state: FaultState): FaultMemory {
    const memory = new FaultMemory(state, this.#settings)
    this.#faults[place] = memory
    return memory
  }

  #forget(place: number): void {
    const forgotten = this.#state.faults[place]
    if (forgotten === undefined) return
    const places = this.#places.get(forgotten.model)
    places?.delete(forgotten.fault)
    if (places?.size === 0) this.#places.delete(forgotten.model)
  }

  #of(model: string): Map<string, number> {
    const known = this.#places.get(model)
    if (known !== undefined) return known
    const places = new Map<string, number>()
    this.#places.set(model, places)
    return places
  }
}
