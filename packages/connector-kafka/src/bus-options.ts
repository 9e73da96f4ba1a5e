import { type Logger, silentLogger } from '@andon/core/connector'
import * as z from 'zod'
import { connectionShape, type KafkaConnection } from './cluster/connection.js'
import { type TopicSettings, topicsSchema } from './topics/topic-settings.js'

export interface KafkaBusOptions extends KafkaConnection {
  /** Default `kafka`. */
  readonly name?: string
  /** What the names of topics and groups begin with at the broker; default `andon.`. */
  readonly prefix?: string
  /**
   * How topics are made, by name (without the prefix) or by what names begin with: `feedback.*`. With `partitions`
   * given, a topic that has fewer is refused.
   */
  readonly topics?: Readonly<Record<string, TopicSettings>>
  /** Whether topics that are not there are made; default true. */
  readonly createTopics?: boolean
  /** How messages are packed on their way and at the broker; default `none`. */
  readonly compression?: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
  /** How long a message may wait to be written, second tries included (ms); default 30,000. */
  readonly deliveryTimeoutMs?: number
  /**
   * The most bytes of one partition in one request, before compression; default 900,000, which is below a broker's
   * default for the largest batch.
   */
  readonly batchBytes?: number
  /** The most messages in one batch that is read; default 1,000. */
  readonly batchSize?: number
  /** With so many bytes of a partition waiting to be read, no more are fetched; default 1 MB. */
  readonly partitionBytes?: number
  /** Without a sign of life for so long a process is taken for dead (ms); default 10,000. */
  readonly sessionTimeoutMs?: number
  /** How long a holder may take to release a partition it has lost (ms); default half of the session timeout. */
  readonly handoverMs?: number
  /** Told what goes wrong and is tried again; default nobody. */
  readonly logger?: Logger
}

export const busOptionsSchema = z
  .strictObject({
    ...connectionShape,
    name: z.string().min(1).default('kafka'),
    prefix: z
      .string()
      .regex(/^[A-Za-z0-9._-]*$/, 'letters, digits, dots and dashes only')
      .default('andon.'),
    topics: topicsSchema,
    createTopics: z.boolean().default(true),
    compression: z.enum(['none', 'gzip', 'snappy', 'lz4', 'zstd']).default('none'),
    deliveryTimeoutMs: z.int().min(100).max(3_600_000).default(30_000),
    batchBytes: z.int().min(1).max(100_000_000).default(900_000),
    batchSize: z.int().min(1).max(100_000).default(1_000),
    partitionBytes: z.int().min(1_024).max(1_000_000_000).default(1_048_576),
    sessionTimeoutMs: z.int().min(6_000).max(1_800_000).default(10_000),
    handoverMs: z.int().min(0).max(900_000).optional(),
    logger: z.custom<Logger>((value) => typeof value === 'object' && value !== null).default(silentLogger),
  })
  .refine(({ handoverMs, sessionTimeoutMs }) => (handoverMs ?? 0) < sessionTimeoutMs, {
    path: ['handoverMs'],
    message: 'not less than sessionTimeoutMs',
  })
