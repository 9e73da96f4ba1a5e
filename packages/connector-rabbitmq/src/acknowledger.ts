import type { Channel } from 'amqplib'

const noFields = { redelivered: false, exchange: '', routingKey: '' } as const

/** Acknowledges deliveries of one channel, with one frame for as many as it can. */
export class Acknowledger {
  readonly #channel: Channel
  /** Delivered and not acknowledged, in the order of their tags. */
  readonly #open = new Set<number>()

  constructor(channel: Channel) {
    this.#channel = channel
  }

  delivered(tag: number): void {
    this.#open.add(tag)
  }

  /** Tags that were acknowledged before are left out. The channel must be open. */
  acknowledge(tags: readonly number[]): void {
    // Mostly the reader is done with them in their order: then no set is needed.
    let [next, upTo]: [number, number | undefined] = [0, undefined]
    for (const tag of this.#open) {
      if (tags[next] !== tag) break
      next += 1
      this.#open.delete(tag)
      upTo = tag
    }
    if (next < tags.length) {
      const wanted = new Set(tags.slice(next))
      for (const tag of this.#open) {
        if (!wanted.delete(tag)) break
        this.#open.delete(tag)
        upTo = tag
      }
      if (upTo !== undefined) this.#ack(upTo, true)
      for (const tag of wanted) if (this.#open.delete(tag)) this.#ack(tag, false)
    } else if (upTo !== undefined) this.#ack(upTo, true)
  }

  #ack(deliveryTag: number, allUpTo: boolean): void {
    // All that amqplib reads of a message here is its tag.
    this.#channel.ack(
      { content: Buffer.alloc(0), fields: { ...noFields, deliveryTag }, properties: noProperties },
      allUpTo,
    )
  }
}

const noProperties = {
  ...{ contentType: undefined, contentEncoding: undefined, headers: undefined, deliveryMode: undefined },
  ...{ priority: undefined, correlationId: undefined, replyTo: undefined, expiration: undefined },
  ...{ messageId: undefined, timestamp: undefined, type: undefined, userId: undefined },
  ...{ appId: undefined, clusterId: undefined },
}
