import type { Message } from '../../connector/bus.js'
import type { Clock } from '../../connector/clock.js'
import type { PartitionedBus } from '../../connector/partitioned-bus.js'
import { AndonError, problemOf } from '../../errors/index.js'
import type { FeedbackRecord } from '../../feedback/schema.js'
import type { Rule } from '../../rule/ast.js'
import { columnReader, type Reader } from '../../rule/runtime/columns.js'
import type { RuleMatcher } from '../../rule/runtime/matcher.js'
import { RuleEngine } from '../../rule/runtime/rule-engine.js'
import { pause } from '../pause.js'
import { partitionNeeds, repartitionTopic } from './partition-needs.js'
import { entryOf } from './read-messages.js'
import { instantHeader, kindHeader } from './stream-message.js'

export interface RepartitionOptions {
  readonly bus: PartitionedBus
  readonly clock: Clock
  readonly stage: string
  readonly rules: readonly Rule[]
  readonly maxGroups: number
  readonly maxEntriesPerGroup: number
  /** Every topic of the feedback stream. */
  readonly topics: readonly string[]
  readonly failed: (error: AndonError) => void
  readonly stop: AbortSignal
}

/** One topic of copies: feedback that its rules want, by the columns they group by. */
export interface RepartitionedTopic {
  readonly topic: string
  readonly rules: readonly Rule[]
}

interface Route extends RepartitionedTopic {
  readonly matcher: RuleMatcher
  readonly readers: readonly Reader[]
}

const longestPause = 30_000

/**
 * Rules whose groups reach across partitions get a topic of their own, keyed by what they group by: members of the
 * stage copy there what such rules want. A copy that comes twice is left out by its lane.
 */
export class Repartition {
  /** Rules that need none of it. */
  readonly staying: readonly Rule[]
  readonly #options: RepartitionOptions
  readonly #routes: readonly Route[]

  constructor(options: RepartitionOptions) {
    const { stage, rules } = options
    const { staying, moved } = partitionNeeds(rules)
    this.#options = options
    this.staying = staying
    this.#routes = moved.map(({ columns, rules: ofRoute }) => ({
      topic: repartitionTopic(stage, columns),
      rules: ofRoute,
      matcher: new RuleEngine(ofRoute, options).matcher,
      readers: columns.map((column) => columnReader(column.split('.'))),
    }))
  }

  get moved(): readonly RepartitionedTopic[] {
    return this.#routes
  }

  async prepare(): Promise<void> {
    if (this.#routes.length > 0) await this.#options.bus.prepare(this.#routes.map(({ topic }) => ({ topic })))
  }

  /** Copies until the worker stops. */
  async run(): Promise<void> {
    if (this.#routes.length === 0) return
    await Promise.all(this.#options.topics.map((topic) => this.#copyFrom(topic)))
  }

  async #copyFrom(topic: string): Promise<void> {
    const { bus, clock, stage, stop: signal, failed } = this.#options
    const group = `andon.${stage}.repartition`
    for (let failures = 0; !signal.aborted; ) {
      try {
        for await (const batch of bus.consume({ topic, group, signal })) {
          await Promise.all(this.#routes.map((route) => this.#copy(route, batch.items)))
          await batch.commit()
          failures = 0
        }
      } catch (cause) {
        if (signal.aborted) return
        failed(new AndonError('BUS_FAILED', { details: { bus: bus.name, problem: problemOf(cause) }, cause }))
        await pause(clock, Math.min(longestPause, 500 * 2 ** failures++), signal)
      }
    }
  }

  async #copy(route: Route, messages: readonly Message[]): Promise<void> {
    const copies = messages.flatMap((message): Message[] => {
      const { body, headers = {} } = message
      if (headers[kindHeader] !== undefined) return []
      const read = entryOf(body)
      // What cannot be read is quarantined where it came from.
      if (!('entry' in read)) return []
      const { feedback } = read.entry
      const at = Number(headers[instantHeader] ?? this.#options.clock.now())
      if (route.matcher.match(feedback, at).length === 0) return []
      return [{ ...message, key: keyOf(feedback, route.readers) }]
    })
    if (copies.length > 0) await this.#options.bus.publish(route.topic, copies)
  }
}

const keyOf = (feedback: FeedbackRecord, readers: readonly Reader[]): string =>
  JSON.stringify([feedback.tenant, ...readers.map((read) => read(feedback))])
