import { setTimeout as sleep } from 'node:timers/promises'
import type { AndonError } from '@andon/core/errors'
import { type ChannelModel, type ConfirmChannel, IllegalOperationError, type Options } from 'amqplib'
import { closed } from '../link/channels.js'
import { failureOf, isNotFound } from '../link/failure.js'
import type { RabbitLink } from '../link/link.js'
import { type Sent, Unconfirmed } from './unconfirmed.js'

/** One message on its way out. */
export interface Outgoing {
  /** Empty: straight to the queue of the routing key's name. */
  readonly exchange: string
  readonly routingKey: string
  readonly body: Buffer
  readonly properties: Options.Publish & { readonly messageId: string }
}

/** Messages that are confirmed or not together. */
interface Call {
  left: number
  done: boolean
  finish(error?: AndonError): void
}

interface Waiting extends Sent {
  readonly outgoing: Outgoing
  readonly call: Call
  returned: boolean
  sentAt: number
}

/** Unconfirmed at most: what is confirmed a thousand at a time is as fast as it gets. */
const maxUnconfirmed = 1000
const maxUnconfirmedBytes = 16 * 1024 * 1024
/** How long a broker may take to confirm before it is asked again (ms). */
const shortestPatience = 1000
const longestPatience = 10_000
/** Before another try on a connection that is there and gives no channel (ms). */
const pauseMs = 50

const unconfirmed = {
  en: 'the broker does not confirm; a queue that has lost its leader, or is full, does so',
  zh: '服务器未确认；队列失去主副本或已满时会如此',
}

/**
 * Publishes with the broker's confirmation of every message, in the order of the calls. What was sent and not confirmed
 * when the connection broke is sent again, in its order: the broker may then have it twice, with the same message id.
 */
export class Publisher {
  readonly #link: RabbitLink
  readonly #deadlineMs: number
  readonly #prepare: (model: ChannelModel) => Promise<void>
  #waiting: Waiting[] = []
  readonly #sent = new Unconfirmed<Waiting>()
  #sentBytes = 0
  #channel: ConfirmChannel | undefined
  #opening = false
  #pumping = false
  /** It has said no: nothing more is sent on this channel. */
  #isRefusing = false
  #watchdog: NodeJS.Timeout | undefined
  #isClosed = false

  /** @param prepare run before anything is sent on a new channel */
  constructor(
    link: RabbitLink,
    deadlineMs: number,
    prepare: (model: ChannelModel) => Promise<void> = async () => undefined,
  ) {
    this.#link = link
    this.#deadlineMs = deadlineMs
    this.#prepare = prepare
    link.onUnblocked(() => this.#pump())
  }

  /**
   * A broker may forget to confirm: of a queue whose leader was just lost, RabbitMQ 3.10 never says anything. What waits
   * for long is sent again on another channel.
   */
  #watch(): void {
    if (this.#watchdog !== undefined || this.#sent.size === 0) return
    const patience = Math.max(shortestPatience, Math.min(longestPatience, this.#deadlineMs / 4))
    this.#watchdog = setTimeout(() => {
      this.#watchdog = undefined
      const { oldest } = this.#sent
      const channel = this.#channel
      if (oldest !== undefined && channel !== undefined && this.#link.blocked === undefined) {
        if (performance.now() - oldest.sentAt >= patience) void closed(channel)
      }
      this.#watch()
    }, patience / 2)
    this.#watchdog.unref()
  }

  /** @throws AndonError when the broker refused one, no queue takes it, or it is not confirmed in time */
  publish(messages: readonly Outgoing[]): Promise<void> {
    if (this.#isClosed || this.#link.closed) return Promise.reject(this.#link.closedError())
    if (messages.length === 0) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => call.finish(this.#late()), this.#deadlineMs)
      const call: Call = {
        left: messages.length,
        done: false,
        finish(error) {
          if (call.done) return
          call.done = true
          clearTimeout(late)
          if (error === undefined) resolve()
          else reject(error)
        },
      }
      for (const outgoing of messages)
        this.#waiting.push({ outgoing, call, returned: false, sentAt: 0, number: 0 })
      this.#pump()
    })
  }

  /** The same patience for what has to be there before anything is published: it is tried again until the deadline. */
  async inTime(prepare: (model: ChannelModel) => Promise<void>): Promise<void> {
    const over = new AbortController()
    const late = setTimeout(() => over.abort(), this.#deadlineMs)
    const trying = async (): Promise<void> => {
      while (!over.signal.aborted) {
        try {
          await prepare(await this.#link.connection())
          return
        } catch (cause) {
          const error = this.#link.failed(cause)
          if (this.#link.closed || (!error.retryable && !isNotFound(cause))) throw error
          await sleep(pauseMs)
        }
      }
    }
    const ended = new Promise<never>((_, reject) => {
      over.signal.addEventListener('abort', () => reject(this.#late()), { once: true })
    })
    ended.catch(() => undefined)
    try {
      await Promise.race([trying(), ended])
    } finally {
      clearTimeout(late)
      over.abort()
    }
  }

  /** Nothing more is sent; what waits is told so. */
  close(): void {
    this.#isClosed = true
    for (const { call } of [...this.#sent, ...this.#waiting]) {
      call.finish(
        this.#link.error('it was closed before the broker confirmed', {
          chinese: '在服务器确认之前已关闭',
          permanent: true,
        }),
      )
    }
    this.#waiting = []
    this.#sent.clear()
    this.#sentBytes = 0
  }

  #pump(): void {
    const channel = this.#channel
    if (channel === undefined) {
      if (this.#waiting.length > 0) void this.#open()
      return
    }
    // What cannot be sent at all is settled from within the loop, which would begin another one.
    if (this.#link.blocked !== undefined || this.#pumping || this.#isRefusing) return
    this.#pumping = true
    const now = performance.now()
    let next = 0
    try {
      while (
        next < this.#waiting.length &&
        this.#sent.size < maxUnconfirmed &&
        this.#sentBytes < maxUnconfirmedBytes
      ) {
        const waiting = this.#waiting[next]
        next += 1
        // Its caller was told already that it failed.
        if (waiting === undefined || waiting.call.done) continue
        waiting.sentAt = now
        this.#send(channel, waiting)
      }
    } finally {
      if (next > 0) this.#waiting.splice(0, next)
      this.#pumping = false
      this.#watch()
    }
  }

  #send(channel: ConfirmChannel, waiting: Waiting): void {
    const { exchange, routingKey, body, properties } = waiting.outgoing
    this.#sent.add(waiting)
    this.#sentBytes += body.length
    try {
      channel.publish(exchange, routingKey, body, properties, (error: unknown) => {
        // Of a channel that was lost: it is sent again on the next one.
        if (this.#channel !== channel) return
        if (error === null || error === undefined) this.#settled(waiting)
        else this.#refused(channel)
      })
    } catch (cause) {
      // The channel is about to be lost, and what it did not take is sent on the next one.
      if (this.#channel !== channel || cause instanceof IllegalOperationError) return
      // Not sent at all, e.g. because a property is too long.
      this.#settled(waiting, this.#unsendable(cause))
    }
  }

  #settled(waiting: Waiting, error?: AndonError): void {
    if (!this.#sent.settle(waiting)) return
    const { call, outgoing, returned } = waiting
    this.#sentBytes -= outgoing.body.length
    if (returned) call.finish(this.#unroutable(outgoing))
    else if (error !== undefined) call.finish(error)
    else {
      call.left -= 1
      if (call.left === 0) call.finish()
    }
    // Half a window at a time: taking them one by one off a long queue would move the whole of it each time.
    if (this.#sent.size <= maxUnconfirmed / 2) this.#pump()
  }

  /**
   * The broker says no: a queue is full, or was deleted while the message was on its way. It is asked again until the
   * deadline, with all that was sent after it, so that the order stays.
   */
  #refused(channel: ConfirmChannel): void {
    if (this.#isRefusing) return
    this.#isRefusing = true
    setTimeout(() => void closed(channel), pauseMs)
  }

  async #open(): Promise<void> {
    if (this.#opening) return
    this.#opening = true
    try {
      const model = await this.#link.connection()
      await this.#prepare(model)
      const channel = await model.createConfirmChannel()
      let reason: unknown
      channel.on('error', (error) => {
        reason = error
      })
      // Before amqplib's own listener, which calls back for each unconfirmed message as if it had been refused.
      channel.prependListener('close', () => this.#lost(channel, reason))
      channel.on('return', ({ fields, properties }) =>
        this.#returned(fields.routingKey, properties.messageId),
      )
      this.#channel = channel
    } catch (cause) {
      const error = this.#link.failed(cause)
      // A connection that broke between is made again.
      // A broker that starts takes connections a little before it knows all of its queues.
      if (this.#link.closed || (!error.retryable && !isNotFound(cause))) this.#failAll(error)
      else await sleep(pauseMs)
    } finally {
      this.#opening = false
    }
    this.#pump()
  }

  #lost(channel: ConfirmChannel, reason: unknown): void {
    if (this.#channel !== channel) return
    this.#channel = undefined
    this.#isRefusing = false
    const again = [...this.#sent]
    this.#sent.clear()
    this.#sentBytes = 0
    const failure = reason === undefined ? undefined : failureOf(reason)
    if (failure?.permanent === true) {
      // Sending them again would close the next channel as well.
      for (const { call } of again) call.finish(this.#link.failed(reason))
    } else {
      for (const waiting of again) waiting.returned = false
      this.#waiting = [...again, ...this.#waiting]
    }
    this.#pump()
  }

  #returned(routingKey: string, messageId: unknown): void {
    for (const waiting of this.#sent) {
      const { outgoing, returned } = waiting
      if (returned || outgoing.properties.messageId !== messageId || outgoing.routingKey !== routingKey)
        continue
      // Its confirmation follows.
      waiting.returned = true
      return
    }
  }

  #failAll(error: AndonError): void {
    for (const { call } of [...this.#sent, ...this.#waiting]) call.finish(error)
    this.#waiting = []
    this.#sent.clear()
    this.#sentBytes = 0
  }

  #late(): AndonError {
    const { en, zh } = this.#link.problem ?? unconfirmed
    return this.#link.error(`not confirmed within ${this.#deadlineMs} ms: ${en}`, {
      chinese: `${this.#deadlineMs} 毫秒内未得到确认：${zh}`,
      cause: new Error(en),
    })
  }

  #unsendable(cause: unknown): AndonError {
    const { problem, chinese } = failureOf(cause)
    return this.#link.error(`a message cannot be sent: ${problem}`, {
      chinese: `消息无法发送：${chinese}`,
      permanent: true,
      cause,
    })
  }

  #unroutable({ exchange, routingKey }: Outgoing): AndonError {
    const to = exchange === '' ? routingKey : `${exchange} (${routingKey})`
    return this.#link.error(`no queue takes what goes to ${to}: bind one, or the message would be lost`, {
      chinese: `没有队列接收发往 ${to} 的消息：请绑定队列，否则消息会丢失`,
      cause: new Error('NO_ROUTE'),
    })
  }
}
