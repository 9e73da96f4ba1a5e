import type { FeedbackRecord } from '@andon/core/feedback'
import { keyOf, keyOfPair } from '../detector/key.js'
import { KeyIndex } from '../detector/key-index.js'
import type { Reading } from '../detector/reading.js'
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
  /** The key of each fault by its place, and the place by the key. */
  readonly #faultKeys: number[] = []
  readonly #faults: KeyIndex

  constructor(state: RecurrenceState, settings: RecurrenceSettings) {
    this.#state = state
    this.#settings = settings
    this.nameless = new NamelessMemory(state.nameless, settings.mostModels)
    const { units, mostUnits, faults } = state
    this.#units = new KeyIndex(units.keys)
    for (let number = Math.max(0, units.count - mostUnits); number < units.count; number++)
      this.#units.put(number % mostUnits)
    this.#faults = new KeyIndex(this.#faultKeys)
    for (const [place, fault] of faults.entries()) {
      this.#faultKeys.push(fault === null ? 0 : keyOfPair(keyOf(fault.model), keyOf(fault.fault)))
      if (fault !== null) this.#faults.put(place)
    }
  }

  /** Adds a report; tells its fault when that has come back on the unit by this. */
  add({ feedback, at, caseKey, subjectKey }: Reading): FaultState | null {
    const { feedbackId: id, channel, customerRole } = feedback
    const repair = channel === 'field-service' || customerRole === 'technician'
    const key = keyOfPair(caseKey, subjectKey)
    const place = this.#units.find(key)
    if (place >= 0) return this.#addAgain(place, { at, id, repair })
    this.#addUnit(this.#placeOf(subjectKey, feedback), key, at, id, repair)
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
    this.#faults.remove(faultPlace)
  }

  #placeOf(key: number, feedback: FeedbackRecord): number {
    const known = this.#faults.find(key)
    if (known >= 0) return known
    const { faults, free } = this.#state
    const place = free.pop() ?? faults.length
    faults[place] = {
      ...{ model: modelOf(feedback), fault: faultOf(feedback) },
      ...{ latest: -1, units: 0, backCount: 0, forgotten: 0 },
      nextLook: this.#settings.leastRecurrences,
      told: { level: 'nothing', recurrences: 0 },
    }
    this.#faultKeys[place] = key
    this.#faults.put(place)
    return place
  }
}
