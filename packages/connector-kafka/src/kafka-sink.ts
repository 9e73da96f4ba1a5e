import {
  type CloudEvent,
  cloudEventType,
  type Health,
  type JsonValue,
  type Logger,
  type Message,
  parseOptions,
  type Sink,
  silentLogger,
} from '@andon/core/connector'
import * as z from 'zod'
import { Client } from './client.js'
import { connectionShape, type KafkaConnection } from './cluster/connection.js'
import { failureOf } from './failure.js'
import { Partitioner } from './publish/partitioner.js'
import type { TopicSettings } from './topics/topic-settings.js'
import type { ValueCodec } from './value/value-codec.js'

export interface KafkaSinkOptions extends KafkaConnection {
  /** Default `kafka`. */
  readonly name?: string
  /** Where events go, as the broker calls it; default `andon.events`. */
  readonly topic?: string
  /** How the topic is made where it is not there; default 8 partitions, kept for 7 days. `false`: it must be there. */
  readonly create?: TopicSettings | false
  /** How events lie in the topic; default CloudEvents in structured JSON. */
  readonly value?: ValueCodec
  /** How they are packed on their way and at the broker; default `none`. */
  readonly compression?: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
  /** How long an event may wait to be written, second tries included (ms); default 30,000. */
  readonly deliveryTimeoutMs?: number
  /** Told what goes wrong and is tried again; default nobody. */
  readonly logger?: Logger
}

const optionsSchema = z.strictObject({
  ...connectionShape,
  name: z.string().min(1).default('kafka'),
  topic: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,249}$/, 'not the name of a topic')
    .default('andon.events'),
  create: z
    .union([
      z.literal(false),
      z.strictObject({
        partitions: z.int().min(1).max(100_000).optional(),
        retention: z.union([z.literal('compact'), z.int().min(1)]).optional(),
        replicas: z.int().min(1).max(100).optional(),
      }),
    ])
    .default({}),
  value: z.custom<ValueCodec>((value) => typeof value === 'object' && value !== null, 'a codec').optional(),
  compression: z.enum(['none', 'gzip', 'snappy', 'lz4', 'zstd']).default('none'),
  deliveryTimeoutMs: z.int().min(100).max(3_600_000).default(30_000),
  logger: z.custom<Logger>((value) => typeof value === 'object' && value !== null).default(silentLogger),
})

/**
 * Publishes CloudEvents, one message each; its key is the event's `partitionkey`. Durable when all replicas in sync
 * have them, in order by key.
 *
 * @throws AndonError OPTIONS_INVALID naming the option, before any I/O. Later: SINK_FAILED.
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
 */
export function kafkaSink(
  options: KafkaSinkOptions,
): Sink & { check(): Promise<Health>; close(): Promise<void> } {
  const checked = parseOptions(optionsSchema, options, 'kafkaSink')
  const { name, topic, create, value } = checked
  const client = new Client({
    ...checked,
    connection: checked,
    speaker: { code: 'SINK_FAILED', name },
    prefix: '',
    topics: create === false ? {} : { [topic]: create },
    createTopics: create !== false,
    batchBytes: 900_000,
    partitionBytes: 1_024,
    sessionTimeoutMs: 10_000,
  })
  const partitioner = new Partitioner()

  return {
    contract: 1,
    name,
    capabilities: { durable: true, topic, contentType: value?.contentType ?? cloudEventType },
    async publish(events) {
      client.use()
      if (events.length === 0) return
      const messages: Message[] = []
      for (const event of events) messages.push(await messageOf(event, value, client))
      const place = await client.topics.place(topic)
      await client.sender.send(place, messages, partitioner.for(place.leaders.length))
    },
    check: () => client.check(),
    close: () => client.close(),
  }
}

async function messageOf(event: CloudEvent, codec: ValueCodec | undefined, client: Client): Promise<Message> {
  const headers = {
    'content-type': codec?.contentType ?? cloudEventType,
    ...(event.traceparent !== undefined && { traceparent: event.traceparent }),
  }
  const { id, partitionkey: key } = event
  if (codec === undefined) return { id, key, body: Buffer.from(JSON.stringify(event)), headers }
  try {
    const plain: JsonValue = { ...event }
    return { id, key, body: await codec.encode(plain), headers }
  } catch (error) {
    throw failureOf(client.speaker, error, { en: `encoding the event ${id}`, zh: `编码事件 ${id}` })
  }
}
