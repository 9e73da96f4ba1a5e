import { type Detector, type Finding, parseOptions } from '@andon/core/connector'
import { derivedFrom } from '../detector/derived-index.js'
import { day } from '../detector/instant.js'
import { readingsOf } from '../detector/reading.js'
import { Backdrop } from './backdrop.js'
import { EmergingIndex } from './emerging-index.js'
import { type EmergingIssueOptions, type EmergingSettings, emergingSchema } from './emerging-options.js'
import {
  type EmergingState,
  emptyEmerging,
  type FaultCases,
  forgetOldPeriods,
  isFlag,
  latestIds,
} from './emerging-state.js'
import { type Rise, riseOf } from './emerging-test.js'
import { remedyOf, sentenceOf } from './emerging-words.js'
import { settleDelays } from './reporting-delay.js'

/**
 * Finds faults that rise: more cases of a fault of a model than its own past, its own season, the model's other faults and
 * the same fault in the other models let expect.
 *
 * Counted are cases by the week in which they happened. When a week of arrivals has ended, each fault that was reported in
 * it is looked at over the last 4, 13 and 52 weeks; weeks of which less than a fifth is reported by now are left out, the
 * others are compared with as much as is reported of them. A rise has to hold by every comparison that is possible:
 *
 * - `level`: up to five years before the window, from half a year on;
 * - `share`: the model's other faults, so that a growing fleet is no rise; a model without a past is compared with others;
 * - `season`: the same weeks of up to five years before, where they are known.
 *
 * Level and share are raised by as much as the fault has become more frequent in the other models. It is told once, and
 * again when the rate has doubled, or when it rises anew after a quiet year.
 *
 * Time is the feedback's own, so that any batching finds the same; feedback that comes late is put where it belongs, a unit's
 * reports of one fault are one case.
 *
 * @throws AndonError OPTIONS_INVALID naming the option
 */
export function emergingIssue(options: EmergingIssueOptions = {}): Detector<EmergingState> {
  const settings = parseOptions(emergingSchema, options, 'emergingIssue')
  const about = { name: 'emerging-issue', init: emptyEmerging }
  const indexOf = derivedFrom(about, (state: EmergingState) => new EmergingIndex(state, settings))
  return {
    contract: 1,
    ...about,
    capabilities: {
      falseAlarms: settings.falseAlarms,
      rise: settings.rise,
      periodDays: settings.periodDays,
    },
    observe(state, batch) {
      const index = indexOf(state)
      const findings: Finding[] = []
      for (const reading of readingsOf(batch)) {
        const period = index.periodOf(reading.arrived)
        if (period > state.period) findings.push(...endPeriod(state, index, period, settings))
        index.add(reading)
      }
      return findings
    },
  }
}

/** What is found when a period has ended; the next one begins with `next`. */
function endPeriod(
  state: EmergingState,
  index: EmergingIndex,
  next: number,
  settings: EmergingSettings,
): readonly Finding[] {
  if (state.first < 0) {
    state.first = next
    state.period = next
    state.delays.from = next
    return []
  }
  index.countAll()
  settleDelays(state.delays, state.period)
  const backdrop = new Backdrop(state, settings)
  const findings = state.faults.flatMap((fault) => {
    if (fault.seen !== state.period) return []
    const rise = riseOf(fault, index, backdrop, state, settings)
    return rise !== null && isNews(fault, rise, state.period, settings)
      ? [findingOf(fault, rise, settings)]
      : []
  })
  forgetOldPeriods(state, settings)
  state.period = next
  return findings
}

/** The first rise, one of twice the rate that was told, or one after a quiet year. */
function isNews(
  fault: FaultCases,
  { cases, from, to }: Rise,
  period: number,
  { periodDays }: EmergingSettings,
): boolean {
  const rate = cases / (to - from + 1)
  const { told } = fault
  const isNew = told === null || period - told.alarmed > 364 / periodDays || rate >= 2 * told.rate
  fault.told = isNew ? { period, rate, alarmed: period } : { ...told, alarmed: period }
  return isNew
}

function findingOf(fault: FaultCases, rise: Rise, settings: EmergingSettings): Finding {
  const { model, fault: name } = fault
  const { expectations, from, to, since, ...numbers } = rise
  const date = (period: number): string =>
    new Date(period * settings.periodDays * day).toISOString().slice(0, 10)
  const { en, zh } = remedyOf(rise, settings)
  return {
    key: JSON.stringify(['emerging', model, name]),
    title: sentenceOf(model, name, rise, settings),
    severity: isFlag(name) ? 9 : 6,
    feedbackIds: latestIds(fault, rise.cases),
    numbers: {
      ...numbers,
      windowDays: (to - from + 1) * settings.periodDays,
      from: date(from),
      until: date(to + 1),
      since: date(since),
      expectedBy: Object.fromEntries(expectations.map(({ comparison, expected }) => [comparison, expected])),
      goesAway: { en, zh },
    },
  }
}
