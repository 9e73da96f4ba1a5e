import * as z from 'zod'

/** How a topic is made. What is absent is that of the broader settings, and then of the defaults. */
export interface TopicSettings {
  /** Default 8; 16 for `feedback.appliance`. */
  readonly partitions?: number | undefined
  /**
   * How long messages are kept (ms), or `compact`: the last one of each key, for ever. Default 7 days; `compact` for
   * `aggregates.*`.
   */
  readonly retention?: number | 'compact' | undefined
  /** How many nodes have a copy; default what the cluster does by default. */
  readonly replicas?: number | undefined
}

export interface CompleteTopicSettings {
  readonly partitions: number
  readonly retention: number | 'compact'
  /** -1: as the cluster does. */
  readonly replicas: number
}

/** By a topic's name, or by what names begin with when it ends with `*`. */
export type TopicTable = Readonly<Record<string, TopicSettings>>

const day = 86_400_000
const basis: CompleteTopicSettings = { partitions: 8, retention: 7 * day, replicas: -1 }
const defaults: TopicTable = {
  // Household appliances are most of what people write about.
  'feedback.appliance': { partitions: 16 },
  'aggregates.*': { retention: 'compact' },
}

export const topicsSchema = z
  .record(
    z.string().regex(/^(?=.)[A-Za-z0-9._-]*\*?$/, 'letters, digits, dots, dashes, and * at the end only'),
    z.strictObject({
      partitions: z.int().min(1).max(100_000).optional(),
      retention: z.union([z.literal('compact'), z.int().min(1)]).optional(),
      replicas: z.int().min(1).max(100).optional(),
    }),
  )
  .default({})

const fits = (pattern: string, topic: string): boolean =>
  pattern.endsWith('*') ? topic.startsWith(pattern.slice(0, -1)) : pattern === topic

/** What a table says of a topic; of several that fit the narrowest counts. */
function lookUp(table: TopicTable, topic: string): TopicSettings {
  return Object.entries(table)
    .filter(([pattern]) => fits(pattern, topic))
    .sort(([a], [b]) => a.length - b.length)
    .reduce<TopicSettings>((broader, [, settings]) => over(broader, settings), {})
}

const over = (broader: TopicSettings, narrower: TopicSettings): TopicSettings => ({
  partitions: narrower.partitions ?? broader.partitions,
  retention: narrower.retention ?? broader.retention,
  replicas: narrower.replicas ?? broader.replicas,
})

/** The settings of a topic: a user's before the defaults. */
export function settingsOf(topic: string, given: TopicTable): CompleteTopicSettings {
  const { partitions, retention, replicas } = over(lookUp(defaults, topic), lookUp(given, topic))
  return {
    partitions: partitions ?? basis.partitions,
    retention: retention ?? basis.retention,
    replicas: replicas ?? basis.replicas,
  }
}

/** How many partitions a user wants a topic to have; undefined when no setting of theirs says so. */
export const configuredPartitions = (topic: string, given: TopicTable): number | undefined =>
  lookUp(given, topic).partitions
