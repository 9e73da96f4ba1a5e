import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { type Bus, type ConsumeOptions, type Health, type Message, parseOptions } from '@andon/core/connector'
import type { ChannelModel } from 'amqplib'
import { busSchema, type CheckedBus, type RabbitBusOptions } from './bus-options.js'
import { setUpGroup } from './layout/group-setup.js'
import { fits, type Names, namesOf } from './layout/names.js'
import { declareShared, declareTopic } from './layout/topology.js'
import { isThere, withChannel } from './link/channels.js'
import { healthOf } from './link/health.js'
import { RabbitLink } from './link/link.js'
import { changeOrAbort } from './link/wait.js'
import { Envelopes, propertiesOf, reasonHeader } from './message/envelope.js'
import { Publisher } from './publish/publisher.js'
import type { RabbitBatch } from './rabbit-batch.js'
import { GroupReader } from './read/group-reader.js'
import type { Held } from './read/in-hand.js'
import { settling } from './read/settling.js'

export interface RabbitBus extends Bus {
  consume(options: ConsumeOptions): AsyncIterable<RabbitBatch>
  check(): Promise<Health>
  close(): Promise<void>
}

/**
 * RabbitMQ as a bus: durable when the broker has confirmed, at least once, ordered by key, each group gets every message.
 *
 * A topic is an exchange. A group has a fixed number of queues, a key always goes to the same one, and each has one
 * consumer at a time. It needs RabbitMQ 3.10 or later, and declares what it needs when it is first used.
 *
 * @throws AndonError OPTIONS_INVALID naming the option. Later: BUS_FAILED; `retryable` is false where somebody has to
 * change something first, e.g. a password.
 */
export function rabbitBus(options: RabbitBusOptions): RabbitBus {
  return new QueueBus(parseOptions(busSchema, options, 'rabbitBus'))
}

class QueueBus implements RabbitBus {
  readonly contract = 1
  readonly name: string
  readonly capabilities
  readonly #options: CheckedBus
  readonly #names: Names
  readonly #envelopes: Envelopes
  /** Of their own: a broker that takes nothing more stops reading a connection, acknowledgements on it included. */
  readonly #outward: RabbitLink
  readonly #inward: RabbitLink
  readonly #publisher: Publisher
  readonly #topics = new Map<string, Promise<void>>()
  readonly #ready = new Set<string>()
  readonly #groups = new Map<string, Promise<void>>()
  readonly #readers = new Set<GroupReader>()
  readonly #closing = new AbortController()
  #closed: Promise<void> | undefined

  constructor(options: CheckedBus) {
    const { name, shards, priorities, queueType, history } = options
    this.name = name
    this.capabilities = {
      ...{ durable: true, orderedByKey: true, priorities, shards, queueType },
      ...{ deadLetters: true, delayedRetry: true, lateGroups: history !== false },
    }
    this.#options = options
    this.#names = namesOf(options)
    this.#envelopes = new Envelopes(options)
    this.#outward = new RabbitLink(options, { kind: 'bus', name })
    this.#inward = new RabbitLink(options, { kind: 'bus', name })
    this.#publisher = new Publisher(this.#outward, options.deliveryTimeoutMs, async (model) => {
      for (const topic of this.#ready) await this.#declared(model, topic)
    })
  }

  async publish(topic: string, messages: readonly Message[]): Promise<void> {
    this.#check(topic)
    if (messages.length === 0) return
    if (!this.#ready.has(topic)) {
      await this.#publisher.inTime((model) => this.#topic(model, topic))
      this.#ready.add(topic)
    }
    const exchange = this.#names.exchange(topic)
    try {
      await this.#publisher.publish(messages.map((message) => this.#envelopes.outgoing(exchange, message)))
    } catch (error) {
      // Somebody may have deleted what was declared.
      this.#forget(topic)
      throw error
    }
  }

  async *consume({ topic, group, signal }: ConsumeOptions): AsyncGenerator<RabbitBatch> {
    this.#check(topic, group)
    if (signal.aborted) return
    const reader = this.#reader(topic, group)
    this.#readers.add(reader)
    reader.start()
    try {
      while (!signal.aborted && !this.#closing.signal.aborted) {
        const held = reader.take(this.#options.batchSize)
        if (held.length > 0) {
          yield this.#batch(reader, topic, group, held)
        } else {
          if (reader.failure !== undefined) throw reader.failure
          await changeOrAbort(reader.changed(), signal, this.#closing.signal)
          // What comes in the same turn is one batch: its acknowledgement is one frame.
          await setImmediate()
        }
      }
    } finally {
      // A bus that is closed meanwhile waits for it as well.
      await reader.stop()
      this.#readers.delete(reader)
    }
  }

  check(): Promise<Health> {
    return healthOf([this.#outward, this.#inward], this.#options.connectTimeoutMs, this.#names.dead)
  }

  close(): Promise<void> {
    this.#closed ??= (async () => {
      this.#closing.abort()
      this.#publisher.close()
      // A connection takes no acknowledgement any more once it is told to close.
      await Promise.all([...this.#readers].map((reader) => reader.stop()))
      await Promise.all([this.#outward.close(), this.#inward.close()])
    })()
    return this.#closed
  }

  #check(...parts: readonly string[]): void {
    if (this.#closing.signal.aborted) throw this.#outward.closedError()
    if (fits(this.#options.prefix, ...parts)) return
    throw this.#outward.error(`a topic and a group need names, and not longer than AMQP has room for`, {
      chinese: '主题和消费组必须有名称，且不能超过 AMQP 的长度限制',
      permanent: true,
    })
  }

  #reader(topic: string, group: string): GroupReader {
    const { logger } = this.#options
    return new GroupReader({
      ...{ link: this.#inward, bus: this.#options, names: this.#names, topic, group, logger },
      setUp: (model) => this.#group(model, topic, group),
      forget: () => this.#forget(topic, group),
      quarantine: (raw, reason) =>
        this.#publisher.publish([
          {
            ...{ exchange: this.#names.dead, routingKey: raw.fields.routingKey, body: raw.content },
            properties: propertiesOf(raw.properties, {
              [reasonHeader]: reason,
              'andon-topic': topic,
              'andon-group': group,
            }),
          },
        ]),
    })
  }

  #batch(reader: GroupReader, topic: string, group: string, held: readonly Held[]): RabbitBatch {
    return settling(reader, held, {
      ...{ names: this.#names, layout: this.#options, delays: this.#options.retryDelaysMs, topic, group },
      publish: (outgoing) => this.#publisher.publish(outgoing),
      ended: () =>
        this.#inward.error('the consumer has ended: what was not committed comes again', {
          chinese: '消费者已结束：未提交的消息会再次送达',
        }),
    })
  }

  /** Declares a topic and the groups that were named, once. */
  #topic(model: ChannelModel, topic: string): Promise<void> {
    return once(this.#topics, topic, async () => {
      const { groups, creationPauseMs } = this.#options
      const isNew = !(await isThere(model, this.#names.layout(topic)))
      await withChannel(model, (channel) => declareShared(channel, this.#options, this.#names))
      await this.#declared(model, topic)
      for (const group of groups) await this.#madeGroup(model, topic, group)
      // A group that was made has seen to it.
      if (isNew && groups.length === 0) await sleep(creationPauseMs)
    })
  }

  async #declared(model: ChannelModel, topic: string): Promise<void> {
    try {
      await declareTopic(model, this.#options, this.#names, topic)
    } catch (cause) {
      throw divided(this.#outward, topic, cause)
    }
  }

  #forget(topic: string, ...groups: readonly string[]): void {
    this.#ready.delete(topic)
    this.#topics.delete(topic)
    for (const group of groups) this.#groups.delete(JSON.stringify([topic, group]))
  }

  async #group(model: ChannelModel, topic: string, group: string): Promise<void> {
    await this.#topic(model, topic)
    await this.#madeGroup(model, topic, group)
  }

  #madeGroup(model: ChannelModel, topic: string, group: string): Promise<void> {
    return once(this.#groups, JSON.stringify([topic, group]), () =>
      setUpGroup(model, this.#options, this.#names, topic, group, this.#closing.signal),
    )
  }
}

/** Two who ask at once share the work; what failed is done again by the next. */
function once(known: Map<string, Promise<void>>, name: string, work: () => Promise<void>): Promise<void> {
  const done = known.get(name)
  if (done !== undefined) return done
  const doing = work().catch((error: unknown) => {
    known.delete(name)
    throw error
  })
  known.set(name, doing)
  return doing
}

/** The empty queue that says how a topic is divided was refused: what does it say? */
function divided(link: RabbitLink, topic: string, cause: unknown): Error {
  const message = cause instanceof Error ? cause.message : ''
  const [, wanted, there] = /x-max-length.*?received.*?'(\d+)'.*?current is.*?'(\d+)'/s.exec(message) ?? []
  if (wanted === undefined || there === undefined) return link.failed(cause)
  const [made, now] = [there, wanted].map((code) => ({
    shards: Math.floor(Number(code) / 10),
    priorities: Number(code) % 10,
  }))
  const en = (of: typeof made): string => `${of?.shards} shards and ${of?.priorities} priorities`
  const zh = (of: typeof made): string => `${of?.shards} 个分片、${of?.priorities} 个优先级`
  return link.error(
    `topic ${topic} was made with ${en(made)} and cannot be read or written with ${en(now)}: set shards and priorities as they were, or take another topic`,
    {
      chinese: `主题 ${topic} 建立时为 ${zh(made)}，不能按 ${zh(now)} 读写：请按原值设置 shards 和 priorities，或使用其他主题`,
      permanent: true,
      cause,
    },
  )
}
