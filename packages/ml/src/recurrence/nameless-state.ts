import { emptyLastUsed, LastUsed, type LastUsedState } from '../detector/last-used.js'

/** One fault among the reports of a model that name no unit. */
export type NamelessFault = {
  fault: string
  reports: number
  readonly ids: string[]
  nextLook: number
  told: boolean
}

/** Reports of one model that name no unit. */
export type NamelessModel = { reports: number; readonly faults: NamelessFault[] }

/** The models by place. */
export type NamelessState = { readonly names: LastUsedState; readonly models: NamelessModel[] }

export const emptyNameless = (): NamelessState => ({ names: emptyLastUsed(), models: [] })

/** Faults of a model whose share is counted; one with a share worth telling is never the rarest of so many. */
const mostFaults = 100

/** Ids that a share names as its evidence: the latest. */
const mostIds = 50

/** A share is looked at from so many reports on. */
const firstLook = 30

/** Counts what the reports that name no unit are about. */
export class NamelessMemory {
  readonly #state: NamelessState
  readonly #names: LastUsed
  readonly #places: Map<string, number>[]

  constructor(state: NamelessState, mostModels: number) {
    this.#state = state
    this.#names = new LastUsed(state.names, mostModels)
    this.#places = state.models.map(({ faults }) => new Map(faults.map(({ fault }, place) => [fault, place])))
  }

  /** Adds a report; tells how many of the model's are of its fault. */
  add(modelName: string, faultName: string, id: string): { model: NamelessModel; fault: NamelessFault } {
    const at = this.#placeOf(modelName)
    const model = this.#state.models[at] ?? { reports: 0, faults: [] }
    const fault = this.#faultOf(model, this.#places[at] ?? new Map<string, number>(), faultName)
    model.reports++
    fault.reports++
    fault.ids.push(id)
    if (fault.ids.length > mostIds) fault.ids.shift()
    return { model, fault }
  }

  #placeOf(model: string): number {
    const known = this.#names.use(model)
    if (known >= 0) return known
    const place = this.#names.take(model)
    this.#state.models[place] = { reports: 0, faults: [] }
    this.#places[place] = new Map()
    return place
  }

  /** A new one takes the place of the rarest when there are too many. */
  #faultOf({ faults }: NamelessModel, places: Map<string, number>, name: string): NamelessFault {
    const known = faults[places.get(name) ?? -1]
    if (known !== undefined) return known
    const place = faults.length < mostFaults ? faults.length : rarestOf(faults)
    const forgotten = faults[place]
    if (forgotten !== undefined) places.delete(forgotten.fault)
    const fault = { fault: name, reports: 0, ids: [], nextLook: firstLook, told: false }
    faults[place] = fault
    places.set(name, place)
    return fault
  }
}

function rarestOf(faults: readonly NamelessFault[]): number {
  let rarest = 0
  for (const [place, { reports }] of faults.entries())
    if (reports < (faults[rarest]?.reports ?? 0)) rarest = place
  return rarest
}
