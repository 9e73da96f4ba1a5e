import { type Detector, type Finding, type JsonObject, parseOptions } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import { faultOf, modelOf } from '../detector/subject.js'
import { wilsonInterval } from '../intervals/wilson.js'
import { type RecurrenceOptions, type RecurrenceSettings, recurrenceSchema } from './recurrence-options.js'
import { type RecurrenceRate, recurrenceRate } from './recurrence-rate.js'
import {
  addNameless,
  addReport,
  emptyState,
  type FaultState,
  type RecurrenceState,
  touchFault,
} from './recurrence-state.js'
import { remedyOf, sentenceOf, shareRemedy, shareSentenceOf } from './recurrence-words.js'
import { courseOf, day, type UnitCourse, type UnitReport } from './unit-history.js'

/** Reports that a finding names as its evidence, the latest recurrences. */
const mostEvidence = 500

/** An occurrence longer before its report is a typing error, or says nothing of now. */
const longestDelay = 730 * day

/**
 * Finds faults that come back after repair on more units than `limit`: a potential design defect.
 *
 * Counted are units, by serial number, never rows. A unit's first case ends with the technician's report, or with its last
 * report where none is known; a later report of the same fault is a recurrence. Units that have not come back yet are
 * censored at the latest arrival, so that many fresh repairs do not hide a fault. The lower end of the rate above the limit
 * confirms; the rate alone is told on request only (`watch`). A fault is looked at whenever it has come back on more units,
 * and told again when it rises from watched to confirmed, or when twice as many units have come back.
 *
 * Where reports name no unit, a fault that makes up more of them than the limit is watched by its share, and the finding
 * says that this is no recurrence.
 *
 * Time is the feedback's own, so that any batching finds the same; feedback that comes late is put where it belongs, the same
 * feedback counts once.
 *
 * @throws AndonError OPTIONS_INVALID naming the option
 */
export function recurrence(options: RecurrenceOptions = {}): Detector<RecurrenceState> {
  const settings = parseOptions(recurrenceSchema, options, 'recurrence')
  return {
    contract: 1,
    name: 'recurrence',
    capabilities: { limit: settings.limit, horizonDays: settings.horizonDays },
    init: emptyState,
    observe: (state, batch) => batch.flatMap((feedback) => observeOne(state, feedback, settings)),
  }
}

function observeOne(
  state: RecurrenceState,
  feedback: FeedbackRecord,
  settings: RecurrenceSettings,
): readonly Finding[] {
  const arrived = Date.parse(feedback.receivedAt)
  state.now = Math.max(state.now, arrived)
  const unit = feedback.serialNumber
  if (unit === undefined) return shareOf(state, feedback, settings)
  const fault = touchFault(state, feedback, settings)
  if (!addReport(fault, unit, reportOf(feedback, arrived), settings)) return []
  if (fault.backCount < fault.nextLook) return []
  // Not with every single one where there are hundreds: each look goes over all units.
  fault.nextLook = Math.max(fault.backCount + 1, Math.ceil(fault.backCount * 1.05))
  return look(state, fault, settings)
}

function reportOf(
  { feedbackId, lastOccurrenceTime, channel, customerRole }: FeedbackRecord,
  arrived: number,
): UnitReport {
  const occurred = Date.parse(lastOccurrenceTime)
  return {
    at: occurred <= arrived && arrived - occurred <= longestDelay ? occurred : arrived,
    id: feedbackId,
    repair: channel === 'field-service' || customerRole === 'technician',
  }
}

function look(state: RecurrenceState, fault: FaultState, settings: RecurrenceSettings): readonly Finding[] {
  const courses = Object.values(fault.units).map((reports) => courseOf(reports, settings))
  const found = recurrenceRate(courses, state.now, settings)
  if (found === null || found.units < settings.leastUnits || found.recurrences < settings.leastRecurrences)
    return []
  const level = found.lower > settings.limit ? 'confirmed' : found.rate > settings.limit ? 'watch' : 'nothing'
  const { told } = fault
  const isNews =
    level === 'confirmed'
      ? told.level !== 'confirmed' || found.recurrences >= 2 * told.recurrences
      : level === 'watch' && settings.watch && told.level === 'nothing'
  if (level === 'nothing' || !isNews) return []
  fault.told = { level, recurrences: found.recurrences }
  return [findingOf(fault, level, found, courses, settings)]
}

function findingOf(
  fault: FaultState,
  level: 'watch' | 'confirmed',
  found: RecurrenceRate,
  courses: readonly UnitCourse[],
  settings: RecurrenceSettings,
): Finding {
  const { model, fault: name, forgotten } = fault
  const evidence = courses.flatMap(({ back }) => (back === null ? [] : [back.id])).slice(-mostEvidence)
  const title = sentenceOf(model, name, level, found, settings)
  const { en, zh } = remedyOf(level, found, settings)
  return {
    key: JSON.stringify(['recurrence', model, name]),
    title,
    severity: level === 'confirmed' ? 7 : 4,
    feedbackIds: evidence,
    numbers: {
      level,
      basis: 'serial number',
      ...found,
      limit: settings.limit,
      confidence: settings.confidence,
      horizonDays: settings.horizonDays,
      forgottenUnits: forgotten,
      goesAway: { en, zh },
    } satisfies JsonObject,
  }
}

/** A fault's share of the reports that name no unit; told once. */
function shareOf(
  state: RecurrenceState,
  feedback: FeedbackRecord,
  settings: RecurrenceSettings,
): readonly Finding[] {
  const { model, fault } = addNameless(state, feedback, settings)
  if (fault.told || fault.reports < fault.nextLook) return []
  fault.nextLook = Math.ceil(fault.reports * 1.2)
  const interval = wilsonInterval(fault.reports, model.reports, settings.confidence)
  if (interval === null || interval.lower <= settings.limit) return []
  fault.told = true
  const [modelName, name] = [modelOf(feedback), faultOf(feedback)]
  const { en, zh } = shareRemedy
  return [
    {
      key: JSON.stringify(['share', modelName, name]),
      title: shareSentenceOf(modelName, name, fault.reports, model.reports),
      severity: 3,
      feedbackIds: [...fault.ids],
      numbers: {
        level: 'watch',
        basis: 'share of reports without a serial number',
        reports: fault.reports,
        of: model.reports,
        rate: interval.estimate,
        lower: interval.lower,
        upper: interval.upper,
        limit: settings.limit,
        confidence: settings.confidence,
        goesAway: { en, zh },
      },
    },
  ]
}
