import type { PartitionedBus } from '../../connector/partitioned-bus.js'
import type { FeedbackRecord } from '../../feedback/schema.js'
import type { Rule } from '../../rule/ast.js'
import { columnReader } from '../../rule/runtime/columns.js'
import type { RuleMatcher } from '../../rule/runtime/matcher.js'
import { RuleEngine } from '../../rule/runtime/rule-engine.js'
import { partitionNeeds, repartitionTopic } from './partition-needs.js'

export interface RepartitionOptions {
  readonly bus: PartitionedBus
  readonly stage: string
  readonly rules: readonly Rule[]
  readonly maxGroups: number
  readonly maxEntriesPerGroup: number
}

/** One topic of copies: feedback that its rules want, by the columns they group by. */
export interface CopyRoute {
  readonly topic: string
  readonly rules: readonly Rule[]
  readonly matcher: RuleMatcher
  readonly keyOf: (feedback: FeedbackRecord) => string
}

/**
 * Rules whose groups reach across partitions get a topic of their own, keyed by what they group by: the stage's lanes
 * copy there what such rules want.
 */
export class Repartition {
  /** Rules that need none of it. */
  readonly staying: readonly Rule[]
  readonly routes: readonly CopyRoute[]
  readonly #bus: PartitionedBus

  constructor(options: RepartitionOptions) {
    const { bus, stage, rules } = options
    const { staying, moved } = partitionNeeds(rules)
    this.#bus = bus
    this.staying = staying
    this.routes = moved.map(({ columns, rules: ofRoute }) => ({
      topic: repartitionTopic(stage, columns),
      rules: ofRoute,
      matcher: new RuleEngine(ofRoute, options).matcher,
      keyOf: keyOver(columns),
    }))
  }

  async prepare(): Promise<void> {
    if (this.routes.length > 0) await this.#bus.prepare(this.routes.map(({ topic }) => ({ topic })))
  }
}

function keyOver(columns: readonly string[]): CopyRoute['keyOf'] {
  const readers = columns.map((column) => columnReader(column.split('.')))
  return (feedback) => JSON.stringify([feedback.tenant, ...readers.map((read) => read(feedback))])
}
