import type { Clock } from '../../connector/clock.js'
import type { Partition, PartitionedBus } from '../../connector/partitioned-bus.js'
import type { LaneOptions, SharedStore } from '../../connector/shared-store.js'
import { AndonError, problemOf } from '../../errors/index.js'
import type { FeedbackRecord } from '../../feedback/schema.js'
import type { Rule } from '../../rule/ast.js'
import type { RuleMatcher } from '../../rule/runtime/matcher.js'
import { RuleEngine, type RuleLosses } from '../../rule/runtime/rule-engine.js'
import { pause } from '../pause.js'
import type { FeedbackStream, StreamOptions } from '../stream/feedback-stream.js'
import { PartitionLane } from './partition-lane.js'
import { Repartition } from './repartition.js'
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
  readonly topicOf: (feedback: FeedbackRecord) => string
}

const longestPause = 30_000

/**
 * Many workers: intake publishes to the bus, and each worker of a stage analyses the partitions that its group gives
 * it, each with a state of its own.
 */
export class PartitionStream implements FeedbackStream {
  readonly journal: FeedbackStream['journal']
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
    this.#repartition = new Repartition({ ...options, rules: this.rules, stop: this.#stop.signal })
  }

  async open(): Promise<void> {
    const { bus, topics } = this.#options
    await bus.prepare(topics.map((topic) => ({ topic })))
    await this.#repartition.prepare()
    const works = [
      this.#join(topics, this.#repartition.staying, {}),
      ...this.#repartition.moved.map(({ topic, rules }) => this.#join([topic], rules, { copies: topic })),
      this.#repartition.run(),
    ]
    this.#running = Promise.all(works)
  }

  /** They are read back from the bus, here or elsewhere. */
  accepted(): void {}

  async settle(): Promise<void> {
    await Promise.all([...this.#lanes].map((lane) => lane.settle()))
  }

  async counted(): Promise<boolean> {
    const counted = await Promise.all([...this.#lanes].map((lane) => lane.counted()))
    return !this.#stop.signal.aborted && counted.every(Boolean)
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

  /** A member of the group for as long as the worker runs; what goes wrong is tried again with growing pauses. */
  async #join(topics: readonly string[], rules: readonly Rule[], copies: LaneOptions): Promise<void> {
    const { bus, stage, clock, failed } = this.#options
    const { signal } = this.#stop
    // Members of a group read the same topics.
    const group = `andon.${copies.copies ?? stage}`
    const serving = new Set<Promise<void>>()
    for (let failures = 0; !signal.aborted; ) {
      try {
        for await (const partition of bus.partitions({ topics, group, signal })) {
          failures = 0
          const served = this.#serve(partition, rules, copies).finally(() => serving.delete(served))
          serving.add(served)
        }
      } catch (cause) {
        if (signal.aborted) break
        failed(new AndonError('BUS_FAILED', { details: { bus: bus.name, problem: problemOf(cause) }, cause }))
        await pause(clock, Math.min(longestPause, 500 * 2 ** failures++), signal)
      }
    }
    await Promise.all(serving)
  }

  /** One partition until it is lost; a lane that fails begins anew from what the store has of it. */
  async #serve(partition: Partition, rules: readonly Rule[], copies: LaneOptions): Promise<void> {
    const { clock, failed } = this.#options
    const { signal } = this.#stop
    for (let failures = 0; !partition.lost.aborted && !signal.aborted; ) {
      const lane = new PartitionLane({
        ...{ ...this.#options, ...copies, rules, partition, stop: signal },
        // Detectors look at each feedback once, where it came in.
        detectors: copies.copies === undefined ? this.#options.detectors : [],
      })
      this.#lanes.add(lane)
      try {
        await lane.run()
        if (lane.isFenced) break
        failures = 0
      } catch (cause) {
        const details = { bus: this.#options.bus.name, problem: problemOf(cause) }
        failed(cause instanceof AndonError ? cause : new AndonError('BUS_FAILED', { details, cause }))
        await pause(clock, Math.min(longestPause, 500 * 2 ** failures++), signal)
      } finally {
        this.#lanes.delete(lane)
      }
    }
    await partition.release()
  }
}

/** A rule that names no stage is for those who look at quality. */
export const stageOf = ({ stage = 'quality' }: Rule): string => stage

function plus(there: RuleLosses | undefined, more: RuleLosses): RuleLosses {
  return {
    entries: (there?.entries ?? 0) + more.entries,
    groups: (there?.groups ?? 0) + more.groups,
    matches: (there?.matches ?? 0) + more.matches,
    late: (there?.late ?? 0) + more.late,
  }
}
