import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib'
import { answered, closed } from '../link/channels.js'
import { Acknowledger } from './acknowledger.js'

/** One delivery that nobody has acknowledged. */
export interface Delivery {
  readonly raw: ConsumeMessage
  readonly from: ShardChannel
}

/**
 * The queues of one shard, read over a channel of its own: when it closes, the broker takes everything back at once that
 * was not acknowledged, in its order, and only then gives the shard to the next consumer.
 */
export class ShardChannel {
  /** Resolves when the channel is gone, for whatever reason. */
  readonly ended: Promise<void>
  /** Handed to the reader and not settled. */
  inHand = 0
  /** The broker has given it something, so it is ours alone at present. */
  isActive = false
  /** Nothing more is taken from it: it is to be given to another consumer. */
  isLeaving = false
  readonly #channel: Channel
  readonly #acknowledger: Acknowledger
  /** By urgency. */
  readonly #inbox: ConsumeMessage[][]
  #isOpen = true
  #closing: Promise<void> | undefined
  #awaited = { left: -1, reached: (): void => undefined }

  private constructor(channel: Channel, levels: number) {
    this.#channel = channel
    this.#acknowledger = new Acknowledger(channel)
    this.#inbox = Array.from({ length: levels }, () => [])
    this.ended = new Promise((resolve) => {
      channel.on('error', () => undefined)
      channel.on('close', () => {
        this.#isOpen = false
        for (const waiting of this.#inbox) waiting.length = 0
        resolve()
      })
    })
  }

  /**
   * @param queues the most urgent first
   * @param prefetch of each queue
   */
  static async open(
    model: ChannelModel,
    queues: readonly string[],
    prefetch: number,
    arrived: () => void,
  ): Promise<ShardChannel> {
    const channel = await model.createChannel()
    const shard = new ShardChannel(channel, queues.length)
    try {
      await channel.prefetch(prefetch)
      for (const [level, queue] of queues.entries()) {
        const consuming = channel.consume(queue, (raw) => {
          // The queue is gone, or its node: whoever reads it begins anew.
          if (raw === null) {
            void shard.close()
            return
          }
          shard.#acknowledger.delivered(raw.fields.deliveryTag)
          shard.isActive = true
          shard.#inbox[level]?.push(raw)
          arrived()
        })
        await answered(consuming, queue)
      }
      return shard
    } catch (error) {
      await closed(channel)
      throw error
    }
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** The next delivery of that urgency, if one is there. */
  next(level: number): Delivery | undefined {
    if (!this.#isOpen || this.isLeaving) return undefined
    const raw = this.#inbox[level]?.shift()
    if (raw === undefined) return undefined
    this.inHand += 1
    return { raw, from: this }
  }

  /** Of a channel that is gone nothing can be acknowledged: the broker brings it again, and it is left out by its id. */
  settle(deliveries: readonly Delivery[]): void {
    if (this.#isOpen) this.#acknowledger.acknowledge(deliveries.map(({ raw }) => raw.fields.deliveryTag))
    this.forget(deliveries)
  }

  /** They are not in the reader's hands any more, and not acknowledged. */
  forget(deliveries: readonly Delivery[]): void {
    this.inHand -= deliveries.length
    if (this.inHand <= this.#awaited.left) this.#awaited.reached()
  }

  /** Once all that is in hand is settled, another consumer has its turn. */
  async leave(): Promise<void> {
    if (this.isLeaving) return
    this.isLeaving = true
    await this.#untilInHand(0)
    await this.close()
  }

  /** Deletes a queue whose last message this is, once all before it are acknowledged; and ends. */
  async finish(last: Delivery, queue: string): Promise<void> {
    await this.#untilInHand(1)
    if (!this.#isOpen) return
    this.#acknowledger.flush()
    const { messageCount } = await this.#channel.checkQueue(queue)
    // A policy of the broker may have put the last one before others: then the queue is read once more.
    const isLast = messageCount === 0 && this.inHand === 1 && this.#inbox.every(({ length }) => length === 0)
    // Not acknowledged before: a queue without its end would be waited for for ever.
    if (isLast) await this.#channel.deleteQueue(queue)
    this.forget([last])
    await this.close()
  }

  async #untilInHand(left: number): Promise<void> {
    if (this.inHand <= left) return
    const settled = new Promise<void>((reached) => {
      this.#awaited = { left, reached }
    })
    await Promise.race([settled, this.ended])
  }

  /** What was settled is acknowledged before. */
  async close(): Promise<void> {
    if (this.#isOpen) {
      this.#acknowledger.flush()
      this.#isOpen = false
      this.#closing = closed(this.#channel)
    }
    await this.#closing
  }
}
