import type { Clock } from '../../connector/clock.js'
import type { Store } from '../../connector/store.js'
import type { Rule } from '../../rule/ast.js'
import type { RuleMatcher } from '../../rule/runtime/matcher.js'
import { RuleEngine, type RuleLosses } from '../../rule/runtime/rule-engine.js'
import { Detection } from '../detection.js'
import type { Intake } from '../intake.js'
import { Analysis } from './analysis.js'
import type { ChangeableRules, FeedbackStream, StreamOptions } from './feedback-stream.js'
import { HourlyCounter } from './hourly-counter.js'
import type { PreparedEntry } from './prepared.js'
import { Tail } from './tail.js'

export interface JournalStreamOptions extends StreamOptions {
  readonly clock: Clock
}

/** One process: intake writes the store's journal, and one analysis reads it from memory right behind. */
export class JournalStream implements FeedbackStream {
  readonly #store: Store
  readonly #clock: Clock
  readonly #tail = new Tail()
  readonly #engine: RuleEngine
  readonly #analysis: Analysis
  #intake: Intake | undefined

  constructor(options: JournalStreamOptions) {
    const { store, clock, rules, detectors, warn } = options
    this.#store = store
    this.#clock = clock
    this.#engine = new RuleEngine(rules, options)
    this.#analysis = new Analysis({
      ...options,
      stage: 'analysis',
      // A store has its journal only while it is open.
      journal: {
        read: (...page) => store.journal.read(...page),
        last: () => store.journal.last(),
        find: (id) => store.journal.find(id),
      },
      transaction: (work) => store.transaction(work),
      tail: this.#tail,
      rules: this.#engine,
      detection: new Detection(detectors, warn),
      counter: new HourlyCounter(),
    })
  }

  get journal(): Store['journal'] {
    return this.#store.journal
  }

  get matcher(): RuleMatcher {
    return this.#engine.matcher
  }

  get rules(): readonly Rule[] {
    return this.#engine.rules
  }

  async open(intake: Intake): Promise<void> {
    this.#intake = intake
    await this.#analysis.recover()
    this.#analysis.wake()
  }

  accepted(entries: readonly PreparedEntry[]): void {
    this.#tail.push(entries)
    if (entries.length > 0) this.#analysis.wake()
  }

  settle(): Promise<void> {
    return this.#analysis.settle()
  }

  counted(): Promise<boolean> {
    return this.#analysis.counted()
  }

  /** Time is the journal's: when a group waits for time alone, a tick carries it forward. */
  async tick(): Promise<void> {
    const due = this.#engine.nextDue
    const intake = this.#intake
    if (due === undefined || due > this.#clock.now() || intake === undefined || intake.pending > 0) return
    const at = intake.instant()
    const offset = await this.#store.journal.appendTick(at)
    this.#tail.push([{ kind: 'tick', offset, at }])
    this.#analysis.wake()
  }

  async trim(before: number): Promise<void> {
    await this.#store.journal.trim(before, this.#analysis.replayFrom)
  }

  save(): void {
    this.#analysis.save()
  }

  finish(): Promise<void> {
    return this.#analysis.finish()
  }

  snapshot(): Promise<void> {
    return this.#analysis.snapshot()
  }

  async lag(): Promise<number> {
    const { offset } = await this.#store.journal.last()
    return Math.max(0, offset - this.#analysis.position)
  }

  losses(): Readonly<Record<string, RuleLosses>> {
    return this.#engine.losses()
  }

  change<T>(work: (rules: ChangeableRules) => T): Promise<T> {
    const intake = this.#intake
    const change = () => this.#analysis.change(() => work(this.#engine))
    return intake === undefined ? change() : intake.exclusively(change)
  }
}
