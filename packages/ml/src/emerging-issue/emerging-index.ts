import type { FeedbackRecord } from '@andon/core/feedback'
import { CaseLog } from '../detector/case-log.js'
import { CaseRing } from '../detector/case-ring.js'
import { day } from '../detector/instant.js'
import { keyOf, keyOfPair } from '../detector/key.js'
import { KeyIndex } from '../detector/key-index.js'
import { type Reading, unitKeyOf } from '../detector/reading.js'
import { faultOf, modelOf } from '../detector/subject.js'
import type { EmergingSettings } from './emerging-options.js'
import {
  type EmergingState,
  type FaultCases,
  isFlag,
  mostIds,
  safetyMark,
  type Total,
} from './emerging-state.js'
import { countCase, noCounts } from './period-counts.js'
import { countDelay } from './reporting-delay.js'

/** A fault of a model, and what it is a part of. */
interface Fault {
  readonly cases: FaultCases
  readonly model: Total
  /** In all models. */
  readonly everywhere: Total
}

/** What the state is looked up and written with. */
export class EmergingIndex {
  readonly #state: EmergingState
  readonly #settings: EmergingSettings
  readonly #ring: CaseRing
  readonly #log: CaseLog
  readonly #periodMs: number
  #models = new Map<string, Total>()
  #everywhere = new Map<string, Total>()
  /** The key of each fault by its place in the state, the place by the key, and the fault by its place. */
  #keys: number[] = []
  #places = new KeyIndex(this.#keys)
  #faults: Fault[] = []

  constructor(state: EmergingState, settings: EmergingSettings) {
    this.#state = state
    this.#settings = settings
    this.#ring = new CaseRing(state.cases, settings.mostCases, settings.caseDays * day)
    this.#log = new CaseLog(state.uncounted, (fault, period, id) => this.#count(fault, period, id))
    this.#periodMs = settings.periodDays * day
    this.#rebuild()
  }

  periodOf(instant: number): number {
    return Math.floor(instant / this.#periodMs)
  }

  /** Takes a feedback into the period that is being filled; what it tells again is counted once. */
  add({ feedback, at, caseKey, subjectKey }: Reading): void {
    const period = this.periodOf(at)
    if (this.#ring.open(caseKey, at) >= 0) {
      const known = this.#places.find(subjectKey)
      const place = known >= 0 ? known : this.#newFault(subjectKey, modelOf(feedback), faultOf(feedback))
      this.#log.add(place, period, feedback.feedbackId)
      const cases = this.#faults[place]?.model.cases
      if (cases !== undefined) countCase(cases, period)
      countCase(this.#state.all, period)
      countDelay(this.#state.delays, period, this.#state.period - period)
    }
    for (const flag of this.#settings.safety)
      if (feedback.safetyFlags[flag]) this.#addFlag(feedback, flag, at)
  }

  /** What was added counts from here on. */
  countAll(): void {
    this.#log.countAll()
  }

  modelNamed(name: string): Total | undefined {
    return this.#models.get(name)
  }

  faultNamed(name: string): Total | undefined {
    return this.#everywhere.get(name)
  }

  #addFlag(feedback: FeedbackRecord, flag: string, at: number): void {
    const name = safetyMark + flag
    const key = keyOf(name)
    if (this.#ring.open(keyOfPair(unitKeyOf(feedback), key), at) < 0) return
    const model = modelOf(feedback)
    const subjectKey = keyOfPair(keyOf(model), key)
    const known = this.#places.find(subjectKey)
    const place = known >= 0 ? known : this.#newFault(subjectKey, model, name)
    this.#log.add(place, this.periodOf(at), feedback.feedbackId)
  }

  #count(place: number, period: number, id: string): void {
    const fault = this.#faults[place]
    if (fault === undefined) return
    const { cases, model, everywhere } = fault
    const { period: now } = this.#state
    model.seen = now
    countCase(cases.cases, period)
    cases.seen = now
    if (++cases.total === this.#settings.leastCases && !isFlag(cases.fault)) model.judged++
    cases.ids[(cases.total - 1) % mostIds] = id
    everywhere.seen = now
    countCase(everywhere.cases, period)
  }

  /** @returns its place */
  #newFault(key: number, modelName: string, name: string): number {
    const model = this.#modelTotal(modelName)
    if (this.#state.faults.length >= this.#settings.mostFaults) {
      this.#log.countAll()
      this.#forgetOldest(model)
    }
    const cases: FaultCases = {
      model: modelName,
      fault: name,
      cases: noCounts(),
      knownSince: this.#state.forgotten + 1,
      total: 0,
      seen: this.#state.period,
      ids: [],
      told: null,
    }
    this.#state.faults.push(cases)
    this.#keys.push(key)
    return this.#index(cases)
  }

  /** Makes the fault, the latest whose key was put into the column, one that is found. */
  #index(cases: FaultCases): number {
    const fault = {
      cases,
      model: this.#modelTotal(cases.model),
      everywhere: this.#faultTotal(cases.fault),
    }
    const place = this.#faults.push(fault) - 1
    this.#places.put(place)
    return place
  }

  #modelTotal(name: string): Total {
    return totalOf(name, this.#models, this.#state.models, this.#state.period)
  }

  #faultTotal(name: string): Total {
    return totalOf(name, this.#everywhere, this.#state.everywhere, this.#state.period)
  }

  /** Forgets the fifth of the faults that was reported longest ago, and models and faults that then have none. */
  #forgetOldest(but: Total): void {
    const { faults } = this.#state
    const order = [...faults.keys()].sort((a, b) => (faults[a]?.seen ?? 0) - (faults[b]?.seen ?? 0) || a - b)
    const gone = new Set(order.slice(0, Math.ceil(faults.length / 5)))
    for (const place of gone) {
      const fault = this.#faults[place]
      if (fault === undefined) continue
      this.#state.forgotten = Math.max(this.#state.forgotten, fault.cases.seen)
      if (fault.cases.total >= this.#settings.leastCases) fault.model.judged--
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
    const { faults, models, everywhere } = this.#state
    this.#models = new Map(models.map((total) => [total.name, total]))
    this.#everywhere = new Map(everywhere.map((total) => [total.name, total]))
    this.#keys = faults.map(({ model, fault }) => keyOfPair(keyOf(model), keyOf(fault)))
    this.#places = new KeyIndex(this.#keys)
    this.#faults = []
    for (const cases of faults) this.#index(cases)
  }
}

/** The total with that name; a new one where there is none. */
function totalOf(name: string, known: Map<string, Total>, totals: Total[], period: number): Total {
  const found = known.get(name)
  if (found !== undefined) return found
  const total = { name, cases: noCounts(), first: period, seen: period, judged: 0 }
  known.set(name, total)
  totals.push(total)
  return total
}
