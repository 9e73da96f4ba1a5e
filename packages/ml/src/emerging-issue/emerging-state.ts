import type { FeedbackRecord } from '@andon/core/feedback'
import type { BatchReading } from '../detector/batch-reading.js'
import { CaseRing, type CaseRingState, emptyCaseRing } from '../detector/case-ring.js'
import { derivedFrom } from '../detector/derived-index.js'
import { day } from '../detector/instant.js'
import { keyOf, keyOfPair } from '../detector/key.js'
import { faultOf, modelOf } from '../detector/subject.js'
import type { EmergingSettings } from './emerging-options.js'
import { countCase, forgetBefore, noCounts, type PeriodCounts } from './period-counts.js'
import { countDelay, type DelayState, noDelays } from './reporting-delay.js'

/** What was last told of a fault. */
export type Told = { period: number; rate: number; alarmed: number }

/** One fault of one model. */
export type FaultCases = {
  readonly model: string
  readonly fault: string
  readonly cases: PeriodCounts
  /** Cases of before may be forgotten. */
  readonly knownSince: number
  /** Since it is kept in mind. */
  total: number
  /** The period in which its last case came. */
  seen: number
  /** Of its latest cases: that of the nth stands at n modulo their most. */
  readonly ids: string[]
  told: Told | null
}

/** The cases of a model, or of a fault in all models. */
export type Total = {
  readonly name: string
  readonly cases: PeriodCounts
  /** The period in which its first case came. */
  readonly first: number
  seen: number
  /** Of a model: faults, safety flags aside, that have cases enough to be judged. */
  judged: number
}

export type EmergingState = {
  /** The period that is being filled, counted from 1970; −1 before the first feedback. */
  period: number
  /** The first period that was filled. */
  first: number
  /** The last period in which a fault was reported that is forgotten now; −1 for none. */
  forgotten: number
  readonly cases: CaseRingState
  readonly delays: DelayState
  faults: FaultCases[]
  models: Total[]
  /** All models together. */
  everywhere: Total[]
  readonly all: PeriodCounts
}

export const emptyEmerging = (): EmergingState => ({
  period: -1,
  first: -1,
  forgotten: -1,
  cases: emptyCaseRing(),
  delays: noDelays(),
  faults: [],
  models: [],
  everywhere: [],
  all: noCounts(),
})

/** Periods that are kept in mind: a window of a year, five years before it, and some more for delays. */
export const periodsKept = ({ periodDays }: Pick<EmergingSettings, 'periodDays'>): number =>
  Math.ceil((7 * 366) / periodDays)

/** Ids that a finding names as its evidence: the latest. */
const mostIds = 50

/** The ids of the latest cases, at most so many, oldest first. */
export function latestIds({ ids, total }: FaultCases, most: number): string[] {
  const oldest = total > mostIds ? total % mostIds : 0
  const inOrder = [...ids.slice(oldest), ...ids.slice(0, oldest)]
  return inOrder.slice(-Math.min(ids.length, most))
}

/** The fault that a safety flag is. */
export const safetyMark = 'safety:'
export const isFlag = (fault: string): boolean => fault.startsWith(safetyMark)

interface Model {
  readonly total: Total
  readonly faults: Map<string, FaultCases>
}

/** What the state is looked up and written with. */
export class EmergingIndex {
  readonly #state: EmergingState
  readonly #settings: EmergingSettings
  readonly #ring: CaseRing
  readonly #periodMs: number
  #models = new Map<string, Model>()
  #everywhere = new Map<string, Total>()

  constructor(state: EmergingState, settings: EmergingSettings) {
    this.#state = state
    this.#settings = settings
    this.#ring = new CaseRing(state.cases, settings.mostCases, settings.caseDays * day)
    this.#periodMs = settings.periodDays * day
    this.#rebuild()
  }

  periodOf(instant: number): number {
    return Math.floor(instant / this.#periodMs)
  }

  /** Counts a feedback, in the period that is being filled; what it tells again is counted once. */
  add(feedback: FeedbackRecord, { cases, units, at: instants }: BatchReading, place: number): void {
    const at = instants[place] ?? 0
    const period = Math.floor(at / this.#periodMs)
    if (this.#ring.open(cases[place] ?? 0, at) >= 0) {
      const model = this.#modelOf(feedback)
      this.#count(model, faultOf(feedback), period, feedback.feedbackId)
      countCase(model.total.cases, period)
      countCase(this.#state.all, period)
      countDelay(this.#state.delays, period, this.#state.period - period)
    }
    const flags = feedback.safetyFlags
    for (const flag of this.#settings.safety) {
      if (!flags[flag]) continue
      const name = safetyMark + flag
      if (this.#ring.open(keyOfPair(units[place] ?? 0, keyOf(name)), at) >= 0)
        this.#count(this.#modelOf(feedback), name, period, feedback.feedbackId)
    }
  }

  modelNamed(name: string): Total | undefined {
    return this.#models.get(name)?.total
  }

  faultNamed(name: string): Total | undefined {
    return this.#everywhere.get(name)
  }

  #modelOf(feedback: FeedbackRecord): Model {
    const name = modelOf(feedback)
    const { period } = this.#state
    let model = this.#models.get(name)
    if (model === undefined) {
      model = {
        total: { name, cases: noCounts(), first: period, seen: period, judged: 0 },
        faults: new Map(),
      }
      this.#models.set(name, model)
      this.#state.models.push(model.total)
    }
    model.total.seen = period
    return model
  }

  #count(model: Model, fault: string, period: number, id: string): void {
    const { period: now } = this.#state
    let known = model.faults.get(fault)
    if (known === undefined) {
      if (this.#state.faults.length >= this.#settings.mostFaults) {
        this.#forgetOldest(model.total)
        // The maps are new now.
        model = this.#models.get(model.total.name) ?? model
      }
      known = {
        model: model.total.name,
        fault,
        cases: noCounts(),
        knownSince: this.#state.forgotten + 1,
        total: 0,
        seen: now,
        ids: [],
        told: null,
      }
      model.faults.set(fault, known)
      this.#state.faults.push(known)
    }
    countCase(known.cases, period)
    known.seen = now
    if (++known.total === this.#settings.leastCases && !isFlag(fault)) model.total.judged++
    known.ids[(known.total - 1) % mostIds] = id
    let everywhere = this.#everywhere.get(fault)
    if (everywhere === undefined) {
      everywhere = { name: fault, cases: noCounts(), first: now, seen: now, judged: 0 }
      this.#everywhere.set(fault, everywhere)
      this.#state.everywhere.push(everywhere)
    }
    everywhere.seen = now
    countCase(everywhere.cases, period)
  }

  /** Forgets the fifth of the faults that was reported longest ago, and models and faults that then have none. */
  #forgetOldest(but: Total): void {
    const { faults } = this.#state
    const order = [...faults.keys()].sort((a, b) => (faults[a]?.seen ?? 0) - (faults[b]?.seen ?? 0) || a - b)
    const gone = new Set(order.slice(0, Math.ceil(faults.length / 5)))
    for (const place of gone) {
      const fault = faults[place]
      this.#state.forgotten = Math.max(this.#state.forgotten, fault?.seen ?? 0)
      const total = fault && this.#models.get(fault.model)?.total
      if (total !== undefined && fault !== undefined && fault.total >= this.#settings.leastCases)
        total.judged--
    }
    this.#state.faults = faults.filter((_, place) => !gone.has(place))
    const [models, names] = [new Set([but.name]), new Set<string>()]
    for (const { model, fault } of this.#state.faults) {
      models.add(model)
      names.add(fault)
    }
    this.#state.models = this.#state.models.filter(({ name }) => models.has(name))
    this.#state.everywhere = this.#state.everywhere.filter(({ name }) => names.has(name))
    this.#rebuild()
  }

  #rebuild(): void {
    this.#models = new Map(this.#state.models.map((total) => [total.name, { total, faults: new Map() }]))
    for (const fault of this.#state.faults) this.#models.get(fault.model)?.faults.set(fault.fault, fault)
    this.#everywhere = new Map(this.#state.everywhere.map((total) => [total.name, total]))
  }
}

/** Forgets periods that no look will ask for. */
export function forgetOldPeriods(state: EmergingState, settings: EmergingSettings): void {
  const oldest = state.period - periodsKept(settings)
  forgetBefore(state.all, oldest)
  for (const totals of [state.faults, state.models, state.everywhere])
    for (const { cases, seen } of totals) if (seen === state.period) forgetBefore(cases, oldest)
}

export const emergingIndex = (settings: EmergingSettings): ((state: EmergingState) => EmergingIndex) =>
  derivedFrom((state: EmergingState) => new EmergingIndex(state, settings))
