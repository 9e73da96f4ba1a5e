import type { Action } from '../action/action.js'
import { complaintRate } from '../action/effect-tests.js'
import type { ActionKind } from '../action/kinds/kind.js'
import type { Clock } from '../connector/clock.js'
import { type Judge, type Verdict, verdicts } from '../connector/judge.js'
import type { MetricSource } from '../connector/metric-source.js'
import type { Store, StoreTransaction } from '../connector/store.js'
import type { Target } from '../connector/target.js'
import { AndonError } from '../errors/index.js'
import type { Signal } from '../signal/signal.js'
import { inTurn, type JudgedTrial, type PendingTrial } from '../signal/trial.js'
import { begun, nextVerification, testedStatuses } from '../signal/verification.js'
import { auditOf } from './actuation/step.js'
import { complaintReadings, isMeasured, measured, type Readings } from './metric-readings.js'
import { notJudged, ruled } from './ruling.js'
import { takeSignalSteps } from './signal-steps.js'

export interface VerificationOptions {
  readonly store: Store
  readonly clock: Clock
  readonly kinds: ReadonlyMap<string, ActionKind>
  readonly targets: Readonly<Record<string, Target>>
  readonly judge: Judge
  readonly metrics: MetricSource | undefined
  /** Everything that has come in so far is counted when it resolves to true; false: Andon is stopping. */
  readonly upToDate: () => Promise<boolean>
  /** A test was dropped because nobody measures its metric. */
  readonly unmeasured: (metric: string) => void
  /** What an action came to; in the same transaction. */
  readonly outcome: (transaction: StoreTransaction, action: Action, outcome: Outcome) => Promise<void>
  /** Told after it is durable. */
  readonly changed: (signal: Signal, actions: readonly Action[]) => void
  readonly failed: (error: unknown) => void
  /** A metric could not be measured: it is tried again later. */
  readonly metricFailed: (error: unknown) => void
  /** Told whenever it could look at what was due. */
  readonly worked: () => void
  /** Whether this process judges; absent: it does. Another does otherwise. */
  readonly isOurs?: () => boolean
  /** For so long after it is due a verdict waits for others to count what they have (ms); default 0. */
  readonly waitsMs?: number
}

export type Outcome = JudgedTrial['verdict']

const longestTimer = 3_600_000
const shortestRetry = 1000
const longestRetry = 600_000

/** Verification looks at signals whose tests are due, asks the judge, and does what the verdict leads to. */
export class VerificationStage {
  readonly #options: VerificationOptions
  readonly #due = new Map<string, number>()
  /** Failures in a row, by signal: what cannot be measured is tried again ever more seldom. */
  readonly #failures = new Map<string, number>()
  #cancel: (() => void) | undefined
  #nextLook = Number.POSITIVE_INFINITY
  #running: Promise<void> = Promise.resolve()
  #isLooking = false
  #stopped = false
  readonly #stop = new AbortController()

  constructor(options: VerificationOptions) {
    this.#options = options
  }

  async recover(): Promise<void> {
    const waiting = await this.#options.store.signals.list({ status: testedStatuses, limit: 100_000 })
    for (const signal of waiting) this.watch(signal)
  }

  /** Takes note of a signal that has changed. */
  watch(signal: Signal): void {
    if (!this.#isOurs) return
    const due = nextVerification(signal)
    if (due === undefined) {
      this.#due.delete(signal.id)
      this.#failures.delete(signal.id)
    } else if (!this.#failures.has(signal.id)) this.#due.set(signal.id, due)
    if (due !== undefined && due < this.#nextLook) this.#schedule()
  }

  /** Another process judges from now on. */
  forget(): void {
    this.#due.clear()
    this.#failures.clear()
  }

  get #isOurs(): boolean {
    return this.#options.isOurs?.() ?? true
  }

  async settle(): Promise<void> {
    await this.#running
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#stop.abort()
    this.#cancel?.()
    await this.#running
  }

  /** Everything up to here is counted, wherever it was. */
  #now(): number {
    return this.#options.clock.now() - (this.#options.waitsMs ?? 0)
  }

  #schedule(): void {
    if (this.#isLooking) return
    this.#cancel?.()
    this.#cancel = undefined
    this.#nextLook = Number.POSITIVE_INFINITY
    if (this.#stopped || this.#due.size === 0) return
    this.#nextLook = [...this.#due.values()].reduce((first, due) => Math.min(first, due))
    const wait = Math.max(0, this.#nextLook - this.#now())
    this.#cancel = this.#options.clock.setTimer(Math.min(longestTimer, wait), () => {
      this.#isLooking = true
      this.#running = this.#look().finally(() => {
        this.#isLooking = false
        this.#schedule()
      })
    })
  }

  async #look(): Promise<void> {
    const { upToDate, worked, failed, metricFailed } = this.#options
    const now = this.#now()
    const ids = [...this.#due].filter(([, due]) => due <= now).map(([id]) => id)
    if (ids.length === 0) {
      this.#options.worked()
      return
    }
    if (!(await upToDate())) {
      this.#stopped = true
      return
    }
    for (const id of ids) {
      if (this.#stopped || !this.#isOurs) return
      try {
        await this.#advance(id, now)
        worked()
      } catch (error) {
        this.#postpone(id)
        if (this.#stopped) return
        if (error instanceof Unmeasured) metricFailed(error.cause)
        else failed(error)
      }
    }
  }

  #postpone(id: string): void {
    const failures = this.#failures.get(id) ?? 0
    this.#failures.set(id, failures + 1)
    this.#due.set(id, this.#now() + Math.min(longestRetry, shortestRetry * 2 ** failures))
  }

  /** One signal: what of its tests is due at `now`, one verdict after the other. */
  async #advance(id: string, now: number): Promise<void> {
    const { store, changed } = this.#options
    for (;;) {
      const known = await store.signals.get(id)
      const trial = known && dueOf(known, now)
      const readings = trial && (await this.#measure(trial))
      const step = await store.transaction((transaction) => this.#step(transaction, id, now, trial, readings))
      this.#failures.delete(id)
      if (step.signal === undefined) this.#due.delete(id)
      else {
        this.watch(step.signal)
        if (step.hasChanged) changed(step.signal, step.actions)
      }
      const next = step.signal && nextVerification(step.signal)
      if (next === undefined || next > now) return
    }
  }

  /** Readings of the line, before the transaction: nothing may wait for another system in it. */
  async #measure(trial: PendingTrial): Promise<Readings | undefined> {
    const { store, metrics, kinds, clock } = this.#options
    if (metrics === undefined || !isProxy(trial)) return undefined
    const action = await store.actions.get(trial.actionId)
    if (action === undefined) return undefined
    try {
      return await measured(metrics, action, kinds.get(action.kind), trial, {
        clock,
        stop: this.#stop.signal,
      })
    } catch (cause) {
      throw new Unmeasured(cause)
    }
  }

  async #step(
    transaction: StoreTransaction,
    id: string,
    now: number,
    expected: PendingTrial | undefined,
    readings: Readings | undefined,
  ): Promise<Stepped> {
    const found = await transaction.getSignal(id)
    if (found === undefined || nextVerification(found) === undefined) return nothing
    const signal = begun(found, now)
    const trial = dueOf(signal, now)
    // Its counting has just begun, or it is another test than the one that was measured: the next step sees to it.
    if (trial === undefined || !isSameTrial(trial, expected)) {
      if (signal !== found) await takeSignalSteps(transaction, [{ before: found, after: signal }])
      return { signal, actions: [], hasChanged: signal !== found }
    }
    const action = await transaction.getAction(trial.actionId)
    const ruling = await this.#judged(transaction, signal, trial, action, readings, now)
    await takeSignalSteps(transaction, [{ before: found, after: ruling.signal }])
    return { ...ruling, hasChanged: true }
  }

  async #judged(
    transaction: StoreTransaction,
    signal: Signal,
    trial: PendingTrial,
    action: Action | undefined,
    readings: Readings | undefined,
    now: number,
  ): Promise<{ readonly signal: Signal; readonly actions: readonly Action[] }> {
    const { kinds, targets, judge, metrics, unmeasured, outcome } = this.#options
    const unable =
      action?.status !== 'succeeded'
        ? 'action'
        : isMeasured(trial.test.metric, metrics)
          ? undefined
          : 'metric'
    if (action === undefined || unable !== undefined) {
      const data = { test: { ...trial.test }, why: unable ?? 'action' }
      if (action !== undefined) {
        await transaction.appendAudit([auditOf(action, 'verification.dropped', now, data)])
      }
      if (unable === 'metric') unmeasured(trial.test.metric)
      return { signal: notJudged(signal, trial, unable ?? 'action', now), actions: [] }
    }
    const kind = kinds.get(action.kind)
    const reversible = targets[action.target]?.revert !== undefined && kind?.inverse !== undefined
    const series = complaintReadings(signal, trial) ?? readings ?? { before: [], after: [] }
    const verdict = checkedVerdict(judge({ test: trial.test, ...series, at: now }))
    const ruling = ruled({ signal, trial, action, kind, reversible, verdict }, now)
    await transaction.putActions([ruling.action])
    await transaction.appendAudit(ruling.audit)
    if (ruling.outcome !== undefined) await outcome(transaction, ruling.action, ruling.outcome)
    return { signal: ruling.signal, actions: [ruling.action] }
  }
}

/** The line could not be measured: not a failure of verification itself. */
class Unmeasured extends Error {
  constructor(cause: unknown) {
    super('a metric could not be measured', { cause })
  }
}

/** A judge is the host's code: what it says must be one of four. */
function checkedVerdict(verdict: Verdict): Verdict {
  if (verdicts.includes(verdict?.verdict)) return verdict
  throw new AndonError('PLUGIN_INVALID', {
    details: {
      kind: 'judge',
      name: 'judge',
      problem: `it gives none of the verdicts ${verdicts.join(', ')}`,
    },
    chinese: { kind: '判定器', problem: `结论须为 ${verdicts.join('、')} 之一` },
  })
}

interface Stepped {
  readonly signal: Signal | undefined
  readonly actions: readonly Action[]
  readonly hasChanged: boolean
}

const nothing: Stepped = { signal: undefined, actions: [], hasChanged: false }

const dueOf = (signal: Signal, now: number): PendingTrial | undefined =>
  testedStatuses.includes(signal.status)
    ? inTurn(signal.verification?.trials ?? []).find(({ dueAt }) => dueAt <= now)
    : undefined

const isProxy = (trial: PendingTrial): boolean => trial.test.metric !== complaintRate

const isSameTrial = (trial: PendingTrial, other: PendingTrial | undefined): boolean =>
  other !== undefined &&
  trial.actionId === other.actionId &&
  trial.dueAt === other.dueAt &&
  trial.test.metric === other.test.metric &&
  trial.doneAt === other.doneAt
