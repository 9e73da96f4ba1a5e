import type { FeedbackRecord } from '@andon/core/feedback'
import { KeyIndex } from '../detector/key-index.js'
import { faultOf, modelOf } from '../detector/subject.js'
import { NamelessMemory } from './nameless-state.js'
import type { RecurrenceSettings } from './recurrence-options.js'
import type { FaultState, RecurrenceState } from './recurrence-state.js'
import { courseOf, type UnitCourse, type UnitReport, withReport } from './unit-history.js'

/** Finds the state's units and faults, and adds to them. */
export class RecurrenceMemory {
  readonly nameless: NamelessMemory
  readonly #state: RecurrenceState
  readonly #settings: RecurrenceSettings
  /** The place of a unit with a fault. */
  readonly #units: KeyIndex
  /** Model → fault → place: looking up twice costs less than joining two names. */
  readonly #faults = new Map<string, Map<string, number>>()

  constructor(state: RecurrenceState, settings: RecurrenceSettings) {
    this.#state = state
    this.#settings = settings
    this.nameless = new NamelessMemory(state.nameless, settings.mostModels)
    const { units, mostUnits, faults } = state
    this.#units = new KeyIndex(units.keys)
    for (let number = Math.max(0, units.count - mostUnits); number < units.count; number++)
      this.#units.put(number % mostUnits)
    for (const [place, fault] of faults.entries())
      if (fault !== null) this.#faultsOf(fault.model).set(fault.fault, place)
  }

  /**
   * Adds a report; tells its fault when that has come back on the unit by this.
   *
   * @param key `keyOfPair` of the serial number and the key of model and fault
   */
  add(feedback: FeedbackRecord, key: number, at: number, repair: boolean): FaultState | null {
    const place = this.#units.find(key)
    if (place >= 0) return this.#addAgain(place, { at, id: feedback.feedbackId, repair })
    const fault = this.#placeOf(modelOf(feedback), faultOf(feedback))
    this.#addUnit(fault, key, at, feedback.feedbackId, repair)
    return null
  }

  /** What became of the fault's units, the latest first. */
  coursesOf(fault: FaultState): UnitCourse[] {
    const { units, mostUnits } = this.#state
    const courses: UnitCourse[] = []
    const first = units.count - mostUnits
    for (let number = fault.latest; number >= 0 && number >= first; ) {
      const place = number % mostUnits
      const reports = units.several[place]
      courses.push(
        reports === undefined
          ? { repairedAt: units.at[place] ?? 0, back: null }
          : courseOf(reports, this.#settings),
      )
      number = units.ofFault[place] ?? -1
    }
    return courses
  }

  #addAgain(place: number, report: UnitReport): FaultState | null {
    const { units, faults } = this.#state
    const fault = faults[units.fault[place] ?? -1]
    const before = units.several[place] ?? [
      { at: units.at[place] ?? 0, id: units.ids[place] ?? '', repair: units.repair[place] === 1 },
    ]
    const after = withReport(before, report)
    if (after === before || fault === undefined || fault === null) return null
    units.several[place] = after
    const was = courseOf(before, this.#settings).back !== null
    const is = courseOf(after, this.#settings).back !== null
    fault.backCount += Number(is) - Number(was)
    return is && !was ? fault : null
  }

  #addUnit(faultPlace: number, key: number, at: number, id: string, repair: boolean): void {
    const { units, mostUnits, faults } = this.#state
    const number = units.count
    const place = number % mostUnits
    const fault = faults[faultPlace]
    if (fault === undefined || fault === null) return
    // First counted, so that a fault whose last other unit is forgotten here stays.
    fault.units++
    if (place < units.keys.length) this.#forget(place)
    units.keys[place] = key
    units.fault[place] = faultPlace
    units.ofFault[place] = fault.latest
    units.at[place] = at
    units.ids[place] = id
    units.repair[place] = repair ? 1 : 0
    units.count++
    fault.latest = number
    this.#units.put(place)
  }

  #forget(place: number): void {
    const { units, faults, free } = this.#state
    this.#units.remove(place)
    const faultPlace = units.fault[place] ?? -1
    const fault = faults[faultPlace]
    const reports = units.several[place]
    if (reports !== undefined) delete units.several[place]
    if (fault === undefined || fault === null) return
    fault.units--
    fault.forgotten++
    if (reports !== undefined && courseOf(reports, this.#settings).back !== null) fault.backCount--
    if (fault.units > 0) return
    faults[faultPlace] = null
    free.push(faultPlace)
    const ofModel = this.#faults.get(fault.model)
    ofModel?.delete(fault.fault)
    if (ofModel?.size === 0) this.#faults.delete(fault.model)
  }

  #placeOf(model: string, name: string): number {
    const ofModel = this.#faultsOf(model)
    const known = ofModel.get(name)
    if (known !== undefined) return known
    const { faults, free } = this.#state
    const place = free.pop() ?? faults.length
    faults[place] = {
      ...{ model, fault: name, latest: -1, units: 0, backCount: 0, forgotten: 0 },
      nextLook: this.#settings.leastRecurrences,
      told: { level: 'nothing', recurrences: 0 },
    }
    ofModel.set(name, place)
    return place
  }

  #faultsOf(model: string): Map<string, number> {
    const known = this.#faults.get(model)
    if (known !== undefined) return known
    const faults = new Map<string, number>()
    this.#faults.set(model, faults)
    return faults
  }
}
