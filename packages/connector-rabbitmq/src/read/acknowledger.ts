import { type Channel, IllegalOperationError } from 'amqplib'

const nothing = Buffer.alloc(0)
const noFields = { redelivered: false, exchange: '', routingKey: '' } as const

/**
 * Acknowledges deliveries of one channel, with one frame for as many as it can: what was acknowledged in one turn of the
 * event loop goes out at its end, so what a reader publishes in answer to a message is on its way before.
 */
export class Acknowledger {
  readonly #channel: Channel
  /** The oldest tag that is not acknowledged: the broker counts the deliveries of a channel from 1. */
  #oldest = 1
  /** Of the tags from the oldest on. */
  readonly #isDone: boolean[] = []
  #waiting: number[] = []
  #turn: NodeJS.Immediate | undefined

  constructor(channel: Channel) {
    this.#channel = channel
  }

  delivered(tag: number): void {
    // A tag that was left out is nobody's.
    while (this.#oldest + this.#isDone.length < tag) this.#isDone.push(true)
    this.#isDone.push(false)
  }

  /** Tags that were acknowledged before are left out. */
  acknowledge(tags: readonly number[]): void {
    for (const tag of tags) if (this.#settled(tag)) this.#waiting.push(tag)
    this.#turn ??= setImmediate(() => this.flush())
  }

  /** At once. What the channel does not take any more comes again. */
  flush(): void {
    clearImmediate(this.#turn)
    this.#turn = undefined
    const open = this.#waiting
    this.#waiting = []
    const done = this.#isDone.indexOf(false)
    const next = this.#oldest + (done < 0 ? this.#isDone.length : done)
    this.#isDone.splice(0, next - this.#oldest)
    this.#oldest = next
    // The broker takes no tag that it has had, so the last one is of these.
    const upTo = open.reduce((last, tag) => (tag < next && tag > last ? tag : last), 0)
    if (upTo > 0) this.#ack(upTo, true)
    for (const tag of open) if (tag >= next) this.#ack(tag, false)
  }

  /** @returns whether it was open until now */
  #settled(tag: number): boolean {
    const index = tag - this.#oldest
    if (this.#isDone[index] !== false) return false
    this.#isDone[index] = true
    return true
  }

  #ack(deliveryTag: number, allUpTo: boolean): void {
    try {
      // All that amqplib reads of a message here is its tag.
      this.#channel.ack(
        { content: nothing, fields: { ...noFields, deliveryTag }, properties: noProperties },
        allUpTo,
      )
    } catch (cause) {
      // The channel is about to be lost, or the connection.
      if (!(cause instanceof IllegalOperationError)) throw cause
    }
  }
}

const noProperties = {
  ...{ contentType: undefined, contentEncoding: undefined, headers: undefined, deliveryMode: undefined },
  ...{ priority: undefined, correlationId: undefined, replyTo: undefined, expiration: undefined },
  ...{ messageId: undefined, timestamp: undefined, type: undefined, userId: undefined },
  ...{ appId: undefined, clusterId: undefined },
}
