import type { Message } from '../../connector/bus.js'
import type { Clock } from '../../connector/clock.js'
import type { PartitionedBus } from '../../connector/partitioned-bus.js'
import type { AndonError } from '../../errors/index.js'
import type { FeedbackRecord } from '../../feedback/schema.js'
import type { Rule } from '../../rule/ast.js'
import { columnReader, type Reader } from '../../rule/runtime/columns.js'
import type { RuleMatcher } from '../../rule/runtime/matcher.js'
import { RuleEngine } from '../../rule/runtime/rule-engine.js'
import { partitionNeeds, repartitionTopic } from './partition-needs.js'
import { persist } from './persist.js'
import { entryOf } from './read-messages.js'
import { instantOf, kindHeader } from './stream-message.js'

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

/** A message of the stream that can be read. */
interface Readable {
  readonly message: Message
  readonly feedback: FeedbackRecord
  readonly at: number
}

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

  #copyFrom(topic: string): Promise<void> {
    const { bus, clock, stage, stop: signal, failed } = this.#options
    const group = `andon.${stage}.repartition`
    return persist({ clock, bus: bus.name, signal, failed }, async (went) => {
      for await (const batch of bus.consume({ topic, group, signal })) {
        const readable = batch.items.flatMap((message) => this.#read(message))
        await Promise.all(this.#routes.map((route) => this.#copy(route, readable)))
        await batch.commit()
        went()
      }
    })
  }

  #read(message: Message): readonly Readable[] {
    if (message.headers?.[kindHeader] !== undefined) return []
    const read = entryOf(message.body)
    // What cannot be read is quarantined where it came from.
    if (!('entry' in read)) return []
    const now = this.#options.clock.now()
    return [{ message, feedback: read.entry.feedback, at: instantOf(message, now, now) }]
  }

  async #copy({ topic, matcher, readers }: Route, readable: readonly Readable[]): Promise<void> {
    const copies = readable
      .filter(({ feedback, at }) => matcher.match(feedback, at).length > 0)
      .map(({ message, feedback }): Message => ({ ...message, key: keyOf(feedback, readers) }))
    if (copies.length > 0) await this.#options.bus.publish(topic, copies)
  }
}

const keyOf = (feedback: FeedbackRecord, readers: readonly Reader[]): string =>
  JSON.stringify([feedback.tenant, ...readers.map((read) => read(feedback))])
