import type { Clock } from '../../connector/clock.js'
import type { Partition, PartitionedBus } from '../../connector/partitioned-bus.js'
import type { LaneOptions, SharedStore } from '../../connector/shared-store.js'
import { AndonError } from '../../errors/index.js'
import type { Rule } from '../../rule/ast.js'
import type { RuleMatcher } from '../../rule/runtime/matcher.js'
import { RuleEngine, type RuleLosses } from '../../rule/runtime/rule-engine.js'
import type { FeedbackStream, StreamOptions } from '../stream/feedback-stream.js'
import { PartitionLane } from './partition-lane.js'
import { busFailure, persist } from './persist.js'
import { Repartition } from './repartition.js'
import { stageOf } from './stage-of.js'
import { streamPublisher } from './stream-publisher.js'

export interface PartitionStreamOptions extends StreamOptions {
  readonly clock: Clock
  readonly bus: PartitionedBus
  readonly shared: SharedStore
  readonly stage: string
  readonly owner: string
  readonly tenant: string
  /** Every topic of the feedback stream. */
  readonly topics: readonly string[]
  readonly topicOf: (productCategory: string) => string
}

/** A partition that a worker has. */
export interface HeldPartition {
  /** E.g. `feedback.appliance/3`. */
  readonly name: string
  /** Entries of it that wait for analysis; what has not been read from the bus is not among them. */
  readonly behind: number
}

/**
 * Many workers: intake publishes to the bus, and each worker of a stage analyses the partitions that its group gives
 * it, each with a state of its own.
 */
export class PartitionStream implements FeedbackStream {
  readonly journal: FeedbackStream['journal']
  /** What a message costs bus, broker and store is mostly what its batch costs: two milliseconds make it a fraction. */
  readonly gatherMs = 2
  /** Matching is the lanes' work: whoever takes feedback in need not know the rules. */
  readonly matcher: RuleMatcher
  readonly rules: readonly Rule[]
  readonly #options: PartitionStreamOptions
  readonly #lanes = new Set<PartitionLane>()
  readonly #stop = new AbortController()
  readonly #repartition: Repartition
  #running: Promise<unknown> = Promise.resolve()

  constructor(options: PartitionStreamOptions) {
    const { stage, bus, store, topicOf } = options
    this.#options = options
    this.rules = options.rules.filter((rule) => stageOf(rule) === stage)
    this.matcher = new RuleEngine([], options).matcher
    this.journal = streamPublisher({ bus, store, topicOf })
    this.#repartition = new Repartition({ ...options, rules: this.rules })
  }

  async open(): Promise<void> {
    const { bus, stage, topics } = this.#options
    await bus.prepare(topics.map((topic) => ({ topic })))
    await this.#repartition.prepare()
    const works = [
      this.#join(`andon.${stage}`, topics, this.#repartition.staying, {}),
      ...this.#repartition.routes.map(({ topic, rules }) =>
        // A group of its own: members of one group all want the same topics.
        this.#join(`andon.${topic}`, [topic], rules, { copies: topic }),
      ),
    ]
    this.#running = Promise.all(works)
  }

  /** They are read back from the bus, here or elsewhere. */
  accepted(): void {}

  async settle(): Promise<void> {
    await Promise.all([...this.#lanes].map((lane) => lane.settle()))
  }

  /** Of a partition that is handed over meanwhile, whoever has it now sees to the rest. */
  async counted(): Promise<boolean> {
    await Promise.all([...this.#lanes].map((lane) => lane.counted()))
    return !this.#stop.signal.aborted
  }

  get partitions(): readonly HeldPartition[] {
    return [...this.#lanes].map(({ name, lag }) => ({ name, behind: lag }))
  }

  async tick(): Promise<void> {
    await Promise.all([...this.#lanes].map((lane) => lane.tick()))
  }

  async trim(before: number): Promise<void> {
    await this.#options.shared.trimLanes(before)
  }

  save(): void {
    for (const lane of this.#lanes) lane.save()
  }

  async finish(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  /** Every lane has saved its state when it was left. */
  async snapshot(): Promise<void> {}

  async lag(): Promise<number> {
    return [...this.#lanes].reduce((sum, lane) => sum + lane.lag, 0)
  }

  losses(): Readonly<Record<string, RuleLosses>> {
    return [...this.#lanes].reduce<Record<string, RuleLosses>>((all, lane) => {
      for (const [rule, losses] of Object.entries(lane.losses())) all[rule] = plus(all[rule], losses)
      return all
    }, {})
  }

  /** Workers of one stage must have the same rules, or a partition would mean something else after each handover. */
  change(): never {
    throw new AndonError('RULES_SHARED', { details: { stage: this.#options.stage } })
  }

  /** A member of the group for as long as the worker runs. */
  async #join(
    group: string,
    topics: readonly string[],
    rules: readonly Rule[],
    copies: LaneOptions,
  ): Promise<void> {
    const { bus, clock, failed } = this.#options
    const { signal } = this.#stop
    const serving = new Set<Promise<void>>()
    await persist({ clock, bus: bus.name, signal, failed }, async (went) => {
      for await (const partition of bus.partitions({ topics, group, signal })) {
        went()
        const served = this.#serve(partition, rules, copies).finally(() => serving.delete(served))
        serving.add(served)
      }
    })
    await Promise.all(serving)
  }

  /** One partition until it is lost; a lane that fails or is fenced begins anew from what the store has of it. */
  async #serve(partition: Partition, rules: readonly Rule[], copies: LaneOptions): Promise<void> {
    const { bus, clock, failed } = this.#options
    const stop = this.#stop.signal
    const signal = AbortSignal.any([stop, partition.lost])
    await persist({ clock, bus: bus.name, signal, failed }, async (went) => {
      const lane = new PartitionLane({
        ...{ ...this.#options, ...copies, rules, partition, stop, went },
        // Detectors look at each feedback once, where it came in; copies are not copied again.
        ...(copies.copies === undefined
          ? { routes: this.#repartition.routes }
          : { routes: [], detectors: [] }),
      })
      this.#lanes.add(lane)
      await lane.run().finally(() => this.#lanes.delete(lane))
    })
    await partition.release().catch((cause: unknown) => failed(busFailure(bus.name, cause)))
  }
}

function plus(there: RuleLosses | undefined, more: RuleLosses): RuleLosses {
  return {
    entries: (there?.entries ?? 0) + more.entries,
    groups: (there?.groups ?? 0) + more.groups,
    matches: (there?.matches ?? 0) + more.matches,
    late: (there?.late ?? 0) + more.late,
  }
}
