import { type Detector, type Finding, type JsonObject, parseOptions } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import { derivedFrom } from '../detector/derived-index.js'
import { type Reading, readingsOf } from '../detector/reading.js'
import { faultOf, modelOf } from '../detector/subject.js'
import { wilsonInterval } from '../intervals/wilson.js'
import { RecurrenceMemory } from './recurrence-memory.js'
import { type RecurrenceOptions, type RecurrenceSettings, recurrenceSchema } from './recurrence-options.js'
import { type RecurrenceRate, recurrenceRate } from './recurrence-rate.js'
import { emptyState, type FaultState, type RecurrenceState } from './recurrence-state.js'
import { remedyOf, sentenceOf, shareRemedy, shareSentenceOf } from './recurrence-words.js'
import type { UnitCourse } from './unit-history.js'

/** Reports that a finding names as its evidence, the latest recurrences. */
const mostEvidence = 500

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
  const about = { name: 'recurrence', init: () => emptyState(settings.mostUnits) }
  const memoryOf = derivedFrom(about, (state: RecurrenceState) => new RecurrenceMemory(state, settings))
  return {
    contract: 1,
    ...about,
    capabilities: { limit: settings.limit, horizonDays: settings.horizonDays },
    observe: (state, batch) => {
      const memory = memoryOf(state)
      const findings: Finding[] = []
      for (const reading of readingsOf(batch)) {
        const finding = observeOne(state, memory, reading, settings)
        if (finding !== null) findings.push(finding)
      }
      return findings
    },
  }
}

function observeOne(
  state: RecurrenceState,
  memory: RecurrenceMemory,
  reading: Reading,
  settings: RecurrenceSettings,
): Finding | null {
  state.now = Math.max(state.now, reading.arrived)
  if (reading.feedback.serialNumber === undefined) return shareOf(memory, reading.feedback, settings)
  const fault = memory.add(reading)
  if (fault === null || fault.backCount < fault.nextLook) return null
  // Not with every single one where there are hundreds: each look goes over all units.
  fault.nextLook = Math.max(fault.backCount + 1, Math.ceil(fault.backCount * 1.05))
  return look(state.now, fault, memory.coursesOf(fault), settings)
}

function look(
  now: number,
  fault: FaultState,
  courses: readonly UnitCourse[],
  settings: RecurrenceSettings,
): Finding | null {
  const found = recurrenceRate(courses, now, settings)
  if (found === null || found.units < settings.leastUnits || found.recurrences < settings.leastRecurrences)
    return null
  const level = found.lower > settings.limit ? 'confirmed' : found.rate > settings.limit ? 'watch' : 'nothing'
  const { told } = fault
  const isNews =
    level === 'confirmed'
      ? told.level !== 'confirmed' || found.recurrences >= 2 * told.recurrences
      : level === 'watch' && settings.watch && told.level === 'nothing'
  if (level === 'nothing' || !isNews) return null
  fault.told = { level, recurrences: found.recurrences }
  return findingOf(fault, level, found, courses, settings)
}

function findingOf(
  fault: FaultState,
  level: 'watch' | 'confirmed',
  found: RecurrenceRate,
  courses: readonly UnitCourse[],
  settings: RecurrenceSettings,
): Finding {
  const { model, fault: name, forgotten } = fault
  const evidence = courses
    .flatMap(({ back }) => (back === null ? [] : [back]))
    .sort((a, b) => a.at - b.at)
    .slice(-mostEvidence)
    .map(({ id }) => id)
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
  memory: RecurrenceMemory,
  feedback: FeedbackRecord,
  settings: RecurrenceSettings,
): Finding | null {
  const [modelName, name] = [modelOf(feedback), faultOf(feedback)]
  const { model, fault } = memory.nameless.add(modelName, name, feedback.feedbackId)
  if (fault.told || fault.reports < fault.nextLook) return null
  fault.nextLook = Math.ceil(fault.reports * 1.2)
  const interval = wilsonInterval(fault.reports, model.reports, settings.confidence)
  if (interval === null || interval.lower <= settings.limit) return null
  fault.told = true
  const { en, zh } = shareRemedy
  return {
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
  }
}
