import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Batch,
  type Health,
  parseOptions,
  type RawPayload,
  type ReceiveContext,
  type Source,
} from '@andon/core/connector'
import { type ChannelName, channelNames } from '@andon/core/feedback'
import type { ConsumeMessage } from 'amqplib'
import * as z from 'zod'
import { quorum } from './layout/topology.js'
import { withChannel } from './link/channels.js'
import { connectionShape, type RabbitConnectionOptions } from './link/connection-options.js'
import { healthOf } from './link/health.js'
import { RabbitLink } from './link/link.js'
import { changeOrAbort } from './link/wait.js'
import { type Delivery, ShardChannel } from './read/shard-channel.js'

export interface RabbitSourceOptions extends RabbitConnectionOptions {
  /** Default `rabbitmq`. */
  readonly name?: string
  /** The queue that is read. */
  readonly queue: string
  /** Makes the queue, as a durable quorum queue, where it is not there; default false: it must be there. */
  readonly create?: boolean
  /** Which parser reads the messages; default: the header `andon-channel` of each, and without it the channel is detected. */
  readonly channel?: ChannelName
  /** Whose they are; default: the header `andon-tenant` of each, and without it the tenant of `createAndon`. */
  readonly tenant?: string
  /** The most messages in one batch; default 100. */
  readonly batchSize?: number
  /** How many messages it holds that are not committed; default 500. */
  readonly readAhead?: number
}

const optionsSchema = z.strictObject({
  ...connectionShape,
  name: z.string().min(1).default('rabbitmq'),
  queue: z.string().min(1).max(255),
  create: z.boolean().default(false),
  channel: z.enum(channelNames).optional(),
  tenant: z.string().min(1).max(200).optional(),
  batchSize: z.int().min(1).max(100_000).default(100),
  readAhead: z.int().min(1).max(60_000).default(500),
})
type Checked = z.output<typeof optionsSchema>

const pauseMs = 200

/**
 * Feedback from a queue, in its order. A message is acknowledged when its batch is committed; what is not committed comes
 * again. The broker remembers where it stands, so batches have no position.
 *
 * @throws AndonError OPTIONS_INVALID naming the option. While iterating: SOURCE_FAILED where somebody has to change
 * something first; a broker that is gone is waited for.
 */
export function rabbitSource(
  options: RabbitSourceOptions,
): Source & { check(): Promise<Health>; close(): Promise<void> } {
  const checked = parseOptions(optionsSchema, options, 'rabbitSource')
  const { name, queue } = checked
  const link = new RabbitLink(checked, { kind: 'source', name })
  const closing = new AbortController()
  const readers = new Set<QueueReader>()

  return {
    contract: 1,
    name,
    capabilities: { resumable: true, endless: true, queue },
    async *receive({ signal }: ReceiveContext): AsyncGenerator<Batch<RawPayload>> {
      if (closing.signal.aborted) throw link.closedError()
      if (signal.aborted) return
      const reader = new QueueReader(link, checked)
      readers.add(reader)
      reader.start()
      try {
        while (!signal.aborted && !closing.signal.aborted) {
          const deliveries = reader.take()
          if (deliveries.length > 0) {
            yield {
              items: deliveries.map(({ raw }) => payloadOf(raw, checked)),
              commit: async () => reader.settle(deliveries),
            }
          } else {
            if (reader.failure !== undefined) throw reader.failure
            await changeOrAbort(reader.changed(), signal, closing.signal)
          }
        }
      } finally {
        // A source that is closed meanwhile waits for it as well.
        await reader.stop()
        readers.delete(reader)
      }
    },
    check: () => healthOf([link], checked.connectTimeoutMs),
    async close() {
      closing.abort()
      // A connection takes no acknowledgement any more once it is told to close.
      await Promise.all([...readers].map((reader) => reader.stop()))
      await link.close()
    },
  }
}

/** Reads the queue over one connection after the other. */
class QueueReader {
  readonly #link: RabbitLink
  readonly #options: Checked
  #channel: ShardChannel | undefined
  #stopped = false
  #change = Promise.withResolvers<void>()
  failure: Error | undefined

  constructor(link: RabbitLink, options: Checked) {
    this.#link = link
    this.#options = options
  }

  start(): void {
    void this.#run()
  }

  changed(): Promise<void> {
    return this.#change.promise
  }

  take(): readonly Delivery[] {
    this.#change = Promise.withResolvers()
    const taken: Delivery[] = []
    while (taken.length < this.#options.batchSize) {
      const delivery = this.#channel?.next(0)
      if (delivery === undefined) break
      taken.push(delivery)
    }
    return taken
  }

  settle(deliveries: readonly Delivery[]): void {
    if (this.#stopped)
      throw this.#link.error('the iteration has ended: what was not committed comes again', {
        chinese: '读取已结束：未提交的消息会再次送达',
      })
    const [first] = deliveries
    // All of one batch came over one channel, or the batch would have ended with it.
    first?.from.settle(deliveries)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.race([this.#channel?.close(), sleep(pauseMs, undefined, { ref: false })])
  }

  async #run(): Promise<void> {
    const { queue, create, readAhead } = this.#options
    while (!this.#stopped) {
      try {
        const model = await this.#link.connection()
        if (create) {
          await withChannel(model, (channel) =>
            channel.assertQueue(queue, { durable: true, arguments: quorum }),
          )
        }
        this.#channel = await ShardChannel.open(model, [queue], readAhead, () => this.#change.resolve())
        // What came before the channel had its place here could not be taken yet.
        this.#change.resolve()
        if (this.#stopped) await this.#channel.close()
        await this.#channel.ended
      } catch (cause) {
        const error = this.#link.failed(cause)
        if (this.#stopped || this.#link.closed) return
        if (!error.retryable) {
          this.failure = error
          this.#change.resolve()
          return
        }
        await sleep(pauseMs)
      }
    }
  }
}

const isChannelName = (value: unknown): value is ChannelName => channelNames.some((known) => known === value)

/** What a message says of itself counts where the options say nothing: a sender cannot choose another's tenant. */
function payloadOf({ content, properties }: ConsumeMessage, options: Checked): RawPayload {
  const { contentType, messageId, timestamp } = properties
  const headers = Object.fromEntries(
    Object.entries(properties.headers ?? {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  )
  const { 'andon-channel': saysChannel, 'andon-tenant': saysTenant, traceparent } = headers
  const channel = options.channel ?? (isChannelName(saysChannel) ? saysChannel : undefined)
  const tenant = options.tenant ?? saysTenant
  const all = { ...headers, ...(typeof messageId === 'string' ? { 'message-id': messageId } : {}) }
  return {
    body: content,
    ...(channel === undefined ? {} : { channel }),
    ...(tenant === undefined || tenant === '' ? {} : { tenant }),
    ...(typeof contentType === 'string' ? { contentType } : {}),
    ...(Object.keys(all).length === 0 ? {} : { headers: all }),
    // AMQP has seconds.
    ...(typeof timestamp === 'number' ? { receivedAt: timestamp * 1000 } : {}),
    ...(traceparent === undefined ? {} : { traceparent }),
  }
}
