import {
  type Batch,
  type Health,
  type Logger,
  type Message,
  type Position,
  parseOptions,
  type RawPayload,
  type Source,
  silentLogger,
} from '@andon/core/connector'
import { type ChannelName, channelNames } from '@andon/core/feedback'
import * as z from 'zod'
import { Client } from './client.js'
import { connectionShape, type KafkaConnection } from './cluster/connection.js'
import { committedPosition } from './group/offsets.js'
import { consumeShares, type Share } from './read/consume.js'
import { PayloadReader } from './value/payload-reader.js'
import type { ValueCodec } from './value/value-codec.js'

export interface KafkaSourceOptions extends KafkaConnection {
  /** Default `kafka`. */
  readonly name?: string
  /** The topic that is read, as the broker calls it. It must be there. */
  readonly topic: string
  /** Processes of one group share the partitions; default `andon.` and the name. */
  readonly group?: string
  /** Which parser reads the values; default: the header `andon-channel` of each, and without it the channel is detected. */
  readonly channel?: ChannelName
  /** Whose they are; default: the header `andon-tenant` of each, and without it the tenant of `createAndon`. */
  readonly tenant?: string
  /** How values lie in the topic; default as they are: JSON or whatever the channel reads. */
  readonly value?: ValueCodec
  /** The most payloads in one batch; default 500. */
  readonly batchSize?: number
  /** With so many bytes of a partition waiting to be read, no more are fetched; default 1 MB. */
  readonly partitionBytes?: number
  /** Without a sign of life for so long a process is taken for dead (ms); default 10,000. */
  readonly sessionTimeoutMs?: number
  /** Told what goes wrong and is tried again; default nobody. */
  readonly logger?: Logger
}

const optionsSchema = z.strictObject({
  ...connectionShape,
  name: z.string().min(1).default('kafka'),
  topic: z.string().regex(/^[A-Za-z0-9._-]{1,249}$/, 'not the name of a topic'),
  group: z.string().min(1).optional(),
  channel: z.enum(channelNames).optional(),
  tenant: z.string().min(1).max(200).optional(),
  value: z.custom<ValueCodec>((value) => typeof value === 'object' && value !== null, 'a codec').optional(),
  batchSize: z.int().min(1).max(100_000).default(500),
  partitionBytes: z.int().min(1_024).max(1_000_000_000).default(1_048_576),
  sessionTimeoutMs: z.int().min(6_000).max(1_800_000).default(10_000),
  logger: z.custom<Logger>((value) => typeof value === 'object' && value !== null).default(silentLogger),
})

/** By partition: the position after the last payload that was committed. */
const positionSchema = z.object({ topic: z.string(), offsets: z.record(z.string(), z.int().min(0)) })

/**
 * Feedback from a topic, in the order of each partition. Goes on after what was committed, at the broker or in
 * `resumeFrom`, whichever is further on; a new group begins with the oldest message. What cannot be decoded is handed on
 * as it is, to be quarantined: nothing stops the topic.
 *
 * @throws AndonError OPTIONS_INVALID naming the option. While iterating: SOURCE_FAILED where somebody has to change
 * something first; a broker that is gone is waited for.
 */
export function kafkaSource(
  options: KafkaSourceOptions,
): Source & { check(): Promise<Health>; close(): Promise<void> } {
  const checked = parseOptions(optionsSchema, options, 'kafkaSource')
  const { name, topic, batchSize, channel, tenant, value } = checked
  const groupId = checked.group ?? `andon.${name}`
  const client = new Client({
    ...checked,
    connection: checked,
    speaker: { code: 'SOURCE_FAILED', name },
    prefix: '',
    topics: {},
    createTopics: false,
    compression: 'none',
    deliveryTimeoutMs: checked.requestTimeoutMs,
    batchBytes: 900_000,
  })
  const reader = new PayloadReader({ channel, tenant, codec: value })

  return {
    contract: 1,
    name,
    capabilities: { resumable: true, endless: true, topic, group: groupId },
    async *receive({ signal, resumeFrom }) {
      client.use()
      if (signal.aborted) return
      const kept = resumeFrom === undefined ? undefined : positionSchema.safeParse(resumeFrom).data
      const known = kept?.topic === topic ? kept.offsets : {}
      const offsets: Record<string, number> = { ...known }
      const ends = [signal, client.closing]
      if ((await client.place(topic, ends)) === undefined) return
      const batches = consumeShares(
        {
          fetcher: client.fetcher,
          speaker: client.speaker,
          batchSize,
          ends,
          join: (handlers) => client.join(groupId, [topic], handlers),
          async startOf({ number }) {
            const committed = await committedPosition(client.cluster, groupId, topic, number)
            return Math.max(committed ?? 0, known[number] ?? 0)
          },
        },
        (share, batch) => ({ share, batch }),
      )
      for await (const { share, batch } of batches) {
        const items = await reader.read(batch.items, signal)
        if (items === undefined) return
        yield payloads(share, batch, items, offsets, topic)
      }
    },
    check: () => client.check(),
    close: () => client.close(),
  }
}

/** A batch with the positions of all partitions, of which this one's moves on. */
function payloads(
  share: Share,
  batch: Batch<Message>,
  items: readonly RawPayload[],
  offsets: Record<string, number>,
  topic: string,
): Batch<RawPayload> {
  offsets[share.holding.number] = share.handout.end
  const position: Position = { topic, offsets: { ...offsets } }
  return { items, position, commit: () => batch.commit() }
}
