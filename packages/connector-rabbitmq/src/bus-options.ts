import * as z from 'zod'
import { connectionShape, type RabbitConnectionOptions } from './link/connection-options.js'

/** How long what was published is kept for groups that come later. */
export interface RabbitHistory {
  /** Default 24. */
  readonly hours?: number
  /** Of each topic, on disk; default 1,024. */
  readonly megabytes?: number
}

export interface RabbitBusOptions extends RabbitConnectionOptions {
  /** Default `rabbitmq`. */
  readonly name?: string
  /** Begins the name of everything on the broker; default `andon`. */
  readonly prefix?: string
  /**
   * Into how many queues the messages of a group are divided by their keys; default 8. So many consumers of a group can
   * work side by side. A topic keeps the number that it was made with.
   */
  readonly shards?: number
  /**
   * How many priorities are told apart; default 1, which is none. 3: `priority` 1, 2, and all the others. Each has a queue
   * of its own in each shard, and a key keeps its order within a priority.
   */
  readonly priorities?: number
  /** Groups whose queues are there from the first message on. */
  readonly groups?: readonly string[]
  /**
   * Gives a group that comes later what was published before it, for so long. It is a second copy on the broker's disk:
   * `false` where all groups are named in `groups`.
   */
  readonly history?: RabbitHistory | false
  /** `quorum` (default) survives the loss of a node; `classic` is for one node and has the broker's own priorities. */
  readonly queueType?: 'quorum' | 'classic'
  /** The most messages in one batch; default 100. */
  readonly batchSize?: number
  /** How many messages a consumer holds that its reader has not committed; default 512, and at least one of each queue. */
  readonly readAhead?: number
  /**
   * How many ids of committed messages are remembered, so that a repetition is left out; default 100,000. 0: none. With
   * ids of 36 letters 100,000 take 23 MB for each group that is read, and 10,000,000 take 1.7 GB.
   */
  readonly dedupe?: number
  /**
   * How often a message may come back from consumers that ended before it goes to the dead letters; default 100. A
   * consumer that ends gives back all that it holds, so a few are no sign of a bad message. Quorum queues only.
   */
  readonly deliveryLimit?: number
  /** Delays of `retryLater` (ms), each with a queue of its own; default 1 s, 10 s, 1 min, 10 min. */
  readonly retryDelaysMs?: readonly number[]
  /** How often consumers of a group look whether the shards are divided evenly (ms); default 2,000. */
  readonly rebalanceMs?: number
  /**
   * How long queues that were just made are left alone (ms); default 1,000. RabbitMQ notes on disk up to half a second
   * later that a quorum queue is there: one that is used before, and whose only node is killed then, is lost with all that
   * was confirmed. 0 where queues live on several nodes.
   */
  readonly creationPauseMs?: number
}

const maxShards = 999
const maxPriorities = 9

export const busSchema = z
  .strictObject({
    ...connectionShape,
    name: z.string().min(1).default('rabbitmq'),
    prefix: z
      .string()
      .regex(/^(?!amq\.)[\w.-]{1,60}$/, 'must be letters, digits, dots and dashes, and not begin with amq.')
      .default('andon'),
    shards: z.int().min(1).max(maxShards).default(8),
    priorities: z.int().min(1).max(maxPriorities).default(1),
    groups: z.array(z.string().min(1)).default([]),
    history: z
      .union([
        z.literal(false),
        z.strictObject({
          hours: z.number().positive().max(8760).default(24),
          megabytes: z.int().min(1).max(10_000_000).default(1024),
        }),
      ])
      .default({ hours: 24, megabytes: 1024 }),
    queueType: z.enum(['quorum', 'classic']).default('quorum'),
    batchSize: z.int().min(1).max(100_000).default(100),
    readAhead: z.int().min(1).max(60_000).default(512),
    dedupe: z.int().min(0).max(10_000_000).default(100_000),
    deliveryLimit: z.int().min(1).max(1_000_000).default(100),
    retryDelaysMs: z
      .array(
        z
          .int()
          .min(1)
          .max(86_400_000 * 30),
      )
      .min(1)
      .max(20)
      .default([1000, 10_000, 60_000, 600_000]),
    rebalanceMs: z.int().min(10).max(3_600_000).default(2000),
    creationPauseMs: z.int().min(0).max(60_000).default(1000),
  })
  .refine(({ history, groups }) => history !== false || groups.length > 0, {
    path: ['groups'],
    message: 'must name the groups where history is false: what nobody keeps would be lost',
  })

export type CheckedBus = z.output<typeof busSchema>
