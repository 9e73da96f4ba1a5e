import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '@andon/core/connector'
import type { AndonError } from '@andon/core/errors'
import type { ChannelModel, ConsumeMessage } from 'amqplib'
import type { CheckedBus } from '../bus-options.js'
import type { Names } from '../layout/names.js'
import { lookAt } from '../link/channels.js'
import { isNotFound } from '../link/failure.js'
import type { RabbitLink } from '../link/link.js'
import { messageOf } from '../message/envelope.js'
import { keepBalance } from './balance.js'
import { endMark, markOf } from './history.js'
import { idHash } from './id-hash.js'
import { Held, InHand } from './in-hand.js'
import { SeenIds } from './seen-ids.js'
import { type Delivery, ShardChannel } from './shard-channel.js'

export interface GroupReaderOptions {
  readonly link: RabbitLink
  readonly bus: CheckedBus
  readonly names: Names
  readonly topic: string
  readonly group: string
  /** Makes the topic and the group. */
  readonly setUp: (model: ChannelModel) => Promise<void>
  /** They are not as `setUp` left them. */
  readonly forget: () => void
  /** Keeps a message that cannot be read; resolves when it is kept. */
  readonly quarantine: (raw: ConsumeMessage, reason: string) => Promise<void>
  readonly logger: Logger
}

const pauseMs = 200
const longestPause = 5000
const farewellMs = 500

/** Reads what is a group's, over one connection after the other, and knows what is in the reader's hands. */
export class GroupReader {
  readonly #options: GroupReaderOptions
  readonly #levels: number
  readonly #prefetch: number
  readonly #shards = new Map<number, ShardChannel>()
  #past: ShardChannel | undefined
  readonly #hashOf = idHash()
  readonly #inHand: InHand
  readonly #seen: SeenIds
  readonly #stopping = new AbortController()
  #change = Promise.withResolvers<void>()
  #failure: AndonError | undefined
  #hasChanged = false
  #turn = 0
  #pulled = 0

  constructor(options: GroupReaderOptions) {
    this.#options = options
    const { bus, names, topic, group } = options
    this.#levels = names.shard(topic, group, 0).length
    this.#prefetch = Math.max(1, Math.floor(bus.readAhead / (bus.shards * this.#levels)))
    this.#inHand = new InHand(bus.readAhead)
    this.#seen = new SeenIds(bus.dedupe)
  }

  start(): void {
    void this.#run()
  }

  /** What the broker has given so far. */
  get pulled(): number {
    return this.#pulled
  }

  get failure(): AndonError | undefined {
    return this.#failure
  }

  get stopped(): boolean {
    return this.#stopping.signal.aborted || this.#options.link.closed
  }

  /** Resolves when there may be something to take. */
  changed(): Promise<void> {
    return this.#change.promise
  }

  /** The next messages, the most urgent first, at most `limit`. */
  take(limit: number): readonly Held[] {
    const taken: Held[] = []
    const channels = [...(this.#past === undefined ? [] : [this.#past]), ...this.#shards.values()]
    if (this.#hasChanged) this.#change = Promise.withResolvers()
    this.#hasChanged = false
    this.#turn += 1
    for (let level = 0; level < this.#levels; level += 1) {
      for (let index = 0; index < channels.length && taken.length < limit; index += 1) {
        // Each time another shard has the first turn.
        const channel = channels[(index + this.#turn) % channels.length]
        while (channel !== undefined && taken.length < limit) {
          const delivery = channel.next(level)
          if (delivery === undefined) break
          const held = this.#opened(delivery)
          if (held !== undefined) taken.push(held)
        }
      }
    }
    return taken
  }

  /**
   * The reader is done with them. What it was done with before is left out.
   *
   * @param isDone false: the same ids will come again
   */
  settle(some: readonly Held[], isDone: boolean): void {
    const deliveries: Delivery[] = []
    for (const held of some) {
      if (!this.#inHand.delete(held)) continue
      if (isDone) this.#seen.add(held.message.id, held.hash)
      deliveries.push(held.delivery)
      if (held.again !== undefined) deliveries.push(...held.again)
    }
    for (const [channel, ofIt] of Map.groupBy(deliveries, ({ from }) => from)) channel.settle(ofIt)
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#wake()
    const channels = [...(this.#past === undefined ? [] : [this.#past]), ...this.#shards.values()]
    const closing = Promise.all(channels.map((channel) => channel.close()))
    // A broker that is gone does not answer, and takes everything back by itself.
    await Promise.race([closing, sleep(farewellMs, undefined, { ref: false })])
  }

  /** The message of a delivery that the reader is to have; nothing for what it has had, and for what cannot be read. */
  #opened(delivery: Delivery): Held | undefined {
    const { raw, from } = delivery
    const mark = markOf(raw)
    if (mark !== undefined) {
      if (mark === endMark) void this.#endOfPast(delivery)
      else from.settle([delivery])
      return undefined
    }
    const message = messageOf(raw)
    if ('poison' in message) {
      void this.#quarantined(delivery, message.poison)
      return undefined
    }
    const hash = this.#hashOf(message.id)
    if (this.#seen.has(message.id, hash)) {
      from.settle([delivery])
      return undefined
    }
    const inHand = this.#inHand.find(message.id, hash)
    if (inHand !== undefined) {
      // The reader has it already: this one is settled together with that.
      inHand.again = [...(inHand.again ?? []), delivery]
      return undefined
    }
    const held = new Held(message, hash, delivery)
    this.#inHand.add(held)
    return held
  }

  async #quarantined(delivery: Delivery, reason: string): Promise<void> {
    const { topic, group, logger, quarantine } = this.#options
    logger.warn({ topic, group }, `A message cannot be read (${reason}); it goes to the dead letters.`)
    try {
      await quarantine(delivery.raw, reason)
      delivery.from.settle([delivery])
    } catch {
      // It stays where it is, and comes again.
      delivery.from.forget([delivery])
    }
  }

  async #endOfPast(last: Delivery): Promise<void> {
    const { names, topic, group } = this.#options
    await last.from.finish(last, names.before(topic, group)).catch(() => last.from.close())
  }

  async #run(): Promise<void> {
    const { link, setUp, forget, logger, topic, group } = this.#options
    const { signal } = this.#stopping
    for (let failures = 0; !signal.aborted; ) {
      try {
        const model = await link.connection()
        await setUp(model)
        await this.#readPast(model)
        failures = 0
        await this.#readShards(model)
      } catch (cause) {
        const error = link.failed(cause)
        if (signal.aborted || link.closed) return
        // What is missing is made anew.
        if (isNotFound(cause)) forget()
        else if (!error.retryable) {
          this.#failure = error
          this.#wake()
          return
        }
        logger.warn({ topic, group }, error.message)
        await sleep(Math.min(longestPause, pauseMs * 2 ** failures++))
      }
    }
  }

  /** What was published before the group was there comes first, and is read by one consumer of the group at a time. */
  async #readPast(model: ChannelModel): Promise<void> {
    const { names, topic, group, bus } = this.#options
    const before = names.before(topic, group)
    while (!this.stopped && (await lookAt(model, before)) !== undefined) {
      // One more than is read ahead: the end mark stays until the queue is deleted.
      this.#past = await ShardChannel.open(model, [before], bus.readAhead + 1, () => this.#arrived())
      await this.#whileOpen(this.#past)
      this.#past = undefined
    }
  }

  async #readShards(model: ChannelModel): Promise<void> {
    const { names, bus, logger, topic, group } = this.#options
    const lost = new AbortController()
    const onClose = (): void => lost.abort()
    model.once('close', onClose)
    const balancing = keepBalance({
      ...{ model, members: names.ready(topic, group), shards: bus.shards, everyMs: bus.rebalanceMs },
      read: () => this.#shards.values(),
      ended: AbortSignal.any([lost.signal, this.#stopping.signal]),
      failed: (problem) => logger.warn({ topic, group }, `The shards cannot be divided evenly: ${problem}`),
    })
    try {
      await Promise.all(
        Array.from({ length: bus.shards }, (_, shard) => this.#readShard(model, shard, lost.signal)),
      )
    } finally {
      lost.abort()
      model.off('close', onClose)
      // When one shard cannot be read all begin anew: a channel that nobody takes from would keep what it holds.
      await Promise.all([...this.#shards.values()].map((channel) => channel.close()))
      await balancing
    }
  }

  async #readShard(model: ChannelModel, shard: number, lost: AbortSignal): Promise<void> {
    const { names, topic, group } = this.#options
    while (!this.stopped && !lost.aborted) {
      const queues = names.shard(topic, group, shard)
      const channel = await ShardChannel.open(model, queues, this.#prefetch, () => this.#arrived())
      this.#shards.set(shard, channel)
      await this.#whileOpen(channel)
      if (this.#shards.get(shard) === channel) this.#shards.delete(shard)
    }
  }

  async #whileOpen(channel: ShardChannel): Promise<void> {
    // What came before the channel had its place here could not be taken yet.
    this.#wake()
    // It was being opened while the reader stopped.
    if (this.stopped) await channel.close()
    await channel.ended
  }

  #arrived(): void {
    this.#pulled += 1
    if (!this.#hasChanged) this.#wake()
  }

  #wake(): void {
    this.#hasChanged = true
    this.#change.resolve()
  }
}
