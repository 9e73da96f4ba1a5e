import { AndonError, problemOf } from '@andon/core/errors'
import type { Bus } from '../events/bus.js'
import { BusError } from '../events/bus-failure.js'
import { SchemaCache } from '../events/schema-cache.js'
import type { Delivery, Received, Subscription } from '../events/subscription.js'
import type { CallMeans } from '../http/salesforce-http.js'
import type { Rest } from '../rest/rest.js'
import type { Steady } from '../steady.js'
import type { NumberedEvent } from './case-changes.js'
import type { CheckedCaseOptions } from './case-options.js'

/** An event as it came; `read` is undefined where it cannot be read. */
export interface FeedEvent {
  readonly replayId: Uint8Array
  readonly read: NumberedEvent | undefined
  /** As it came over the wire. */
  readonly bytes: number
}

export type FeedDelivery =
  | { readonly kind: 'events'; readonly events: readonly FeedEvent[]; readonly beganAt: number | undefined }
  | Exclude<Delivery, { readonly kind: 'events' }>

export interface EventFeedOptions {
  readonly options: CheckedCaseOptions
  readonly subscription: Subscription
  readonly bus: Bus
  readonly rest: Rest
  readonly means: CallMeans
  readonly steady: Steady
}

/** A stream that cannot be opened is not waited for any longer (ms). */
const patienceMs = 60_000
/** What is read ahead at most, and so many bytes. */
const mostAhead = 5_000
const mostBytes = 32 * 1024 * 1024

/** The deliveries of a subscription, read; some way ahead where what a query says has to be put in its place among them. */
export class EventFeed {
  readonly #feed: EventFeedOptions
  readonly #schemas: SchemaCache
  readonly #ahead: FeedDelivery[] = []
  /** When the stream began at the end of the topic: what was committed before is read by queries (epoch ms). */
  #beganAt = 0

  constructor(feed: EventFeedOptions) {
    this.#feed = feed
    this.#schemas = new SchemaCache((id) => this.#schema(id))
  }

  /** The next delivery; undefined when `waitMs` passed without one, or nobody waits any more. */
  async next(waitMs: number): Promise<FeedDelivery | undefined> {
    return this.#ahead.shift() ?? (await this.#receive(waitMs))
  }

  /** These come next again. */
  putBack(events: readonly FeedEvent[]): void {
    if (events.length > 0) this.#ahead.unshift({ kind: 'events', events, beganAt: undefined })
  }

  /** What has come and is not taken, in order; undefined stands for whatever cannot be read or was lost in between. */
  *ahead(): Generator<NumberedEvent | undefined, void, undefined> {
    for (const delivery of this.#ahead) {
      if (delivery.kind !== 'events' || delivery.beganAt !== undefined) yield undefined
      if (delivery.kind === 'events') for (const { read } of delivery.events) yield read
    }
  }

  /**
   * Reads ahead until everything that was committed up to this instant is at hand: an event of later has come, or none
   * comes any more, not even on a fresh stream. It ends as well where the stream breaks, for then nothing of before comes.
   *
   * @param instant epoch ms, Salesforce's clock
   */
  async readUpTo(instant: number): Promise<void> {
    const { subscription, means } = this.#feed
    const { clock, signal } = means
    const { settleMs } = this.#feed.options
    for (const read of this.ahead()) if (isFrom(instant, read)) return
    const giveUpAt = clock.now() + patienceMs
    let renewed = false
    let quietAt = clock.now() + settleMs
    while (!signal.aborted && !this.#isFull && !this.#isBroken) {
      const now = clock.now()
      const delivery = await this.#receive(Math.max(1, quietAt - now))
      if (delivery !== undefined) {
        this.#ahead.push(delivery)
        // Another stream that begins at the end may still bring some of before.
        if (delivery.kind === 'accepted') continue
        if (delivery.kind !== 'events') return
        if (delivery.events.some(({ read }) => isFrom(instant, read))) return
        quietAt = clock.now() + settleMs
      } else if (!subscription.listening && clock.now() < giveUpAt) {
        quietAt = clock.now() + settleMs
      } else if (clock.now() >= quietAt) {
        // A stream may be dead and look quiet: another one says at once what there is.
        if (renewed || !subscription.renew()) return
        renewed = true
        quietAt = clock.now() + settleMs
      }
    }
  }

  get #isFull(): boolean {
    let [count, bytes] = [0, 0]
    for (const delivery of this.#ahead) {
      if (delivery.kind !== 'events') continue
      count += delivery.events.length
      for (const event of delivery.events) bytes += event.bytes
    }
    return count >= mostAhead || bytes >= mostBytes
  }

  /** It went on elsewhere: nothing of before comes. */
  get #isBroken(): boolean {
    return this.#ahead.some(({ kind }) => kind !== 'events' && kind !== 'accepted')
  }

  async #receive(waitMs: number): Promise<FeedDelivery | undefined> {
    const { steady, subscription, means } = this.#feed
    const delivery = await steady.do('reading events', () => subscription.next(means, waitMs))
    if (delivery?.kind !== 'events') return delivery
    this.#beganAt = delivery.beganAt ?? this.#beganAt
    const events = await this.#read(delivery.events)
    // Events come again after a stream was opened, also such of before it. A managed one may have begun anywhere.
    if (this.#feed.options.managedSubscription !== undefined) return { ...delivery, events }
    return { ...delivery, events: events.filter(({ read }) => !isBefore(this.#beganAt, read)) }
  }

  /** In order. */
  async #read(received: readonly Received[]): Promise<readonly FeedEvent[]> {
    const { options, steady } = this.#feed
    const events: FeedEvent[] = []
    for (const { schemaId, payload, replayId } of received) {
      try {
        const read =
          this.#schemas.known(schemaId) ??
          (await steady.do('reading a schema', () => this.#schemas.reader(schemaId)))
        const event = { event: read(payload), replayId: Buffer.from(replayId).toString('base64') }
        events.push({ replayId, read: event, bytes: payload.length })
      } catch (error) {
        if (error instanceof AndonError || error instanceof BusError) throw error
        events.push({ replayId, read: undefined, bytes: payload.length })
        options.logger.warn(
          { source: options.name, schema: schemaId, problem: problemOf(error) },
          'an event cannot be read: what it tells is asked for by a query',
        )
      }
    }
    return events
  }

  async #schema(schemaId: string): Promise<string> {
    const { rest, bus, means } = this.#feed
    const session = await rest.http.session(means)
    try {
      return await bus.schema(schemaId, session, means.signal)
    } catch (error) {
      if (error instanceof BusError && error.failure.kind === 'unauthenticated') rest.http.turnedAway(session)
      throw error
    }
  }
}

const isFrom = (instant: number, read: NumberedEvent | undefined): boolean =>
  read !== undefined && read.event.committedAt >= instant

const isBefore = (instant: number, read: NumberedEvent | undefined): boolean =>
  read !== undefined && read.event.committedAt < instant
