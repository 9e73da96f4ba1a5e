import { type Channel, IllegalOperationError } from 'amqplib'

const nothing = Buffer.alloc(0)
/** Tags that are done and stand behind one that is not: fewer are not worth a new window. */
const worthCutting = 1024

const noFields = { redelivered: false, exchange: '', routingKey: '' } as const

/**
 * Acknowledges deliveries of one channel, with one frame for as many as it can: what was acknowledged in one turn of the
 * event loop goes out at its end, so what a reader publishes in answer to a message is on its way before.
 */
export class Acknowledger {
  readonly #channel: Channel
  /** The tag that the window begins with: the broker counts the deliveries of a channel from 1. */
  #first = 1
  /** Of the tags from there on. */
  #isDone: boolean[] = []
  /** Not acknowledged, ascending, and so long ago that the window began anew without them. */
  readonly #late = new Set<number>()
  #open = 0
  #waiting: number[] = []
  #turn: NodeJS.Immediate | undefined

  constructor(channel: Channel) {
    this.#channel = channel
  }

  delivered(tag: number): void {
    // A tag that was left out is nobody's.
    while (this.#first + this.#isDone.length < tag) this.#isDone.push(true)
    this.#isDone.push(false)
    this.#open += 1
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
    const next = this.#cut()
    // The broker takes no tag that it has had, so the last one is of these.
    const upTo = open.reduce((last, tag) => (tag < next && tag > last ? tag : last), 0)
    if (upTo > 0) this.#ack(upTo, true)
    for (const tag of open) if (tag >= next) this.#ack(tag, false)
  }

  /** @returns the oldest tag that is not acknowledged, or the next one to come */
  #cut(): number {
    const done = this.#isDone.indexOf(false)
    const count = done < 0 ? this.#isDone.length : done
    this.#isDone.splice(0, count)
    this.#first += count
    // One that is held for long would have the window keep all that come after it.
    if (this.#isDone.length > 2 * this.#open + worthCutting) {
      for (const [index, isDone] of this.#isDone.entries()) if (!isDone) this.#late.add(this.#first + index)
      this.#first += this.#isDone.length
      this.#isDone = []
    }
    const [late = this.#first] = this.#late
    return late
  }

  /** @returns whether it was open until now */
  #settled(tag: number): boolean {
    const index = tag - this.#first
    if (index < 0) {
      if (!this.#late.delete(tag)) return false
    } else {
      if (this.#isDone[index] !== false) return false
      this.#isDone[index] = true
    }
    this.#open -= 1
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
