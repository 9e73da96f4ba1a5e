import type { FeedbackRecord } from '@andon/core/feedback'
import { faultOf, modelOf } from '../detector/subject.js'
import type { RecurrenceSettings } from './recurrence-options.js'
import { courseOf, type UnitReport, withReport } from './unit-history.js'

/** What was told of a fault: nothing is told again before it is worse. */
export type Told = { level: 'nothing' | 'watch' | 'confirmed'; recurrences: number }

/** One fault of one model. The unit touched last stands last. */
export type FaultState = {
  readonly model: string
  readonly fault: string
  units: Record<string, readonly UnitReport[]>
  unitCount: number
  /** Units on which it came back, late ones too. */
  backCount: number
  /** Units that had to be forgotten. */
  forgotten: number
  /** The number of returned units at which it is looked at next. */
  nextLook: number
  told: Told
}

/** Reports of one model that name no unit. */
export type NamelessState = {
  reports: number
  faultCount: number
  faults: Record<string, { reports: number; readonly ids: string[]; nextLook: number; told: boolean }>
}

export type RecurrenceState = {
  /** The latest arrival so far, in milliseconds: the time up to which units were watched. */
  now: number
  faults: Record<string, FaultState>
  faultCount: number
  nameless: Record<string, NamelessState>
  namelessCount: number
}

export const emptyState = (): RecurrenceState => ({
  now: 0,
  faults: {},
  faultCount: 0,
  nameless: {},
  namelessCount: 0,
})

// Names are what customers write. With a mark before them none is a number, so that records keep their order, nor a word that
// objects know already.
const mark = (name: string): string => `:${name}`

/** The state of the feedback's fault, which is now the one touched last. */
export function touchFault(
  state: RecurrenceState,
  feedback: FeedbackRecord,
  settings: RecurrenceSettings,
): FaultState {
  const [model, fault] = [modelOf(feedback), faultOf(feedback)]
  const key = JSON.stringify([model, fault])
  const known = state.faults[key]
  if (known === undefined) state.faultCount++
  else delete state.faults[key]
  const touched = known ?? {
    model,
    fault,
    units: {},
    unitCount: 0,
    backCount: 0,
    forgotten: 0,
    nextLook: settings.leastRecurrences,
    told: { level: 'nothing', recurrences: 0 },
  }
  state.faults[key] = touched
  if (state.faultCount > settings.mostFaults) {
    forgetFirst(state.faults)
    state.faultCount--
  }
  return touched
}

/** Adds a report of a unit; true when the fault has come back on it by this. */
export function addReport(
  state: FaultState,
  unit: string,
  report: UnitReport,
  settings: RecurrenceSettings,
): boolean {
  const key = mark(unit)
  const before = state.units[key]
  const after = before === undefined ? [report] : withReport(before, report)
  if (before === undefined) state.unitCount++
  else delete state.units[key]
  state.units[key] = after
  // Most units report once, and then there is nothing to come back from.
  const was = before !== undefined && before.length > 1 && courseOf(before, settings).back !== null
  const is = after.length > 1 && courseOf(after, settings).back !== null
  state.backCount += Number(is) - Number(was)
  if (state.unitCount > settings.mostUnits) {
    const forgotten = forgetFirst(state.units)
    state.unitCount--
    state.forgotten++
    if (forgotten !== undefined && courseOf(forgotten, settings).back !== null) state.backCount--
  }
  return is && !was
}

/** Faults of a model whose share is counted; one with a share worth telling is never the rarest of so many. */
const mostNames = 100

/** Ids that a share names as its evidence: the latest. */
const mostIds = 50

/** Adds a report that names no unit; tells how many of the model's are of its fault. */
export function addNameless(
  state: RecurrenceState,
  feedback: FeedbackRecord,
  settings: RecurrenceSettings,
): { model: NamelessState; fault: NamelessState['faults'][string] } {
  const key = mark(modelOf(feedback))
  const known = state.nameless[key]
  if (known === undefined) state.namelessCount++
  else delete state.nameless[key]
  const model = known ?? { reports: 0, faultCount: 0, faults: {} }
  state.nameless[key] = model
  if (state.namelessCount > settings.mostFaults) {
    forgetFirst(state.nameless)
    state.namelessCount--
  }
  const name = mark(faultOf(feedback))
  const counted = model.faults[name]
  if (counted === undefined) model.faultCount++
  const fault = counted ?? { reports: 0, ids: [], nextLook: 30, told: false }
  model.faults[name] = fault
  model.reports++
  fault.reports++
  fault.ids.push(feedback.feedbackId)
  if (fault.ids.length > mostIds) fault.ids.shift()
  if (model.faultCount > mostNames) {
    forgetRarest(model.faults, name)
    model.faultCount--
  }
  return { model, fault }
}

/** Forgets the least reported of the faults, but not the one that has just come. */
function forgetRarest(faults: NamelessState['faults'], but: string): void {
  const others = Object.entries(faults).filter(([name]) => name !== but)
  const first = others[0]
  if (first === undefined) return
  const [rarest] = others.reduce(
    (least, other) => (other[1].reports < least[1].reports ? other : least),
    first,
  )
  delete faults[rarest]
}

function forgetFirst<Value>(record: Record<string, Value>): Value | undefined {
  for (const key in record) {
    const value = record[key]
    delete record[key]
    return value
  }
  return undefined
}
