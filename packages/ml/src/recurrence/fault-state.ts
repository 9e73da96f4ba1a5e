import { emptyLastUsed, LastUsed, type LastUsedState } from '../detector/last-used.js'
import type { RecurrenceSettings } from './recurrence-options.js'
import { courseOf, type UnitCourse, type UnitReport, withReport } from './unit-history.js'

/** What was told of a fault: nothing is told again before it is worse. */
export type Told = { level: 'nothing' | 'watch' | 'confirmed'; recurrences: number }

/** One fault of one model. Units have places, by which all columns go. */
export type FaultState = {
  readonly model: string
  readonly fault: string
  readonly units: LastUsedState
  /** The first report of each unit: most have no other. */
  readonly at: number[]
  readonly ids: string[]
  readonly repair: boolean[]
  /** All reports of units that have several, by place. */
  readonly several: Record<string, readonly UnitReport[]>
  /** Units on which it came back, late ones too. */
  backCount: number
  /** Units that had to be forgotten. */
  forgotten: number
  /** The number of returned units at which it is looked at next. */
  nextLook: number
  told: Told
}

export const emptyFault = (
  model: string,
  fault: string,
  { leastRecurrences }: RecurrenceSettings,
): FaultState => ({
  model,
  fault,
  units: emptyLastUsed(),
  at: [],
  ids: [],
  repair: [],
  several: {},
  backCount: 0,
  forgotten: 0,
  nextLook: leastRecurrences,
  told: { level: 'nothing', recurrences: 0 },
})

/** A fault's units, found by serial number. */
export class FaultMemory {
  readonly state: FaultState
  readonly #units: LastUsed
  readonly #settings: RecurrenceSettings

  constructor(state: FaultState, settings: RecurrenceSettings) {
    this.state = state
    this.#units = new LastUsed(state.units, settings.mostUnits)
    this.#settings = settings
  }

  /** Adds a report of a unit; true when the fault has come back on it by this. */
  add(unit: string, at: number, id: string, repair: boolean): boolean {
    const place = this.#units.use(unit)
    if (place < 0) {
      this.#addUnit(unit, at, id, repair)
      return false
    }
    const before = this.#reportsAt(place)
    const after = withReport(before, { at, id, repair })
    if (after === before) return false
    this.state.several[place] = after
    const was = before.length > 1 && courseOf(before, this.#settings).back !== null
    const is = courseOf(after, this.#settings).back !== null
    this.state.backCount += Number(is) - Number(was)
    return is && !was
  }

  courses(): UnitCourse[] {
    return this.state.at.map((at, place): UnitCourse => {
      const reports = this.state.several[place]
      return reports === undefined ? { repairedAt: at, back: null } : courseOf(reports, this.#settings)
    })
  }

  #addUnit(unit: string, at: number, id: string, repair: boolean): void {
    const { state } = this
    const place = this.#units.take(unit)
    if (place < state.at.length) this.#forget(place)
    state.at[place] = at
    state.ids[place] = id
    state.repair[place] = repair
  }

  #forget(place: number): void {
    const { state } = this
    state.forgotten++
    const reports = state.several[place]
    if (reports === undefined) return
    if (courseOf(reports, this.#settings).back !== null) state.backCount--
    delete state.several[place]
  }

  #reportsAt(place: number): readonly UnitReport[] {
    const { several, at, ids, repair } = this.state
    return several[place] ?? [{ at: at[place] ?? 0, id: ids[place] ?? '', repair: repair[place] ?? false }]
  }
}
