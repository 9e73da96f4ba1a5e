import type { Clock, Logger } from '@andon/core/connector'
import type { Session } from '../auth/session-keeper.js'
import type { CallMeans, SalesforceHttp } from '../http/salesforce-http.js'
import { pause } from '../pause.js'
import type { Bus, WireEvent, WireRequest } from './bus.js'
import type { BusFailure } from './bus-failure.js'
import { EventStream, type StreamMessage } from './event-stream.js'
import { RecentIds } from './recent-ids.js'

export interface SubscriptionOptions {
  readonly bus: Bus
  readonly http: SalesforceHttp
  readonly clock: Clock
  readonly logger: Logger
  readonly topic: string
  /** Of a managed subscription, which the org keeps the position of. */
  readonly managed: string | undefined
  readonly idleMs: number
  readonly silenceMs: number
}

/** An event that was not seen before. */
export interface Received {
  readonly schemaId: string
  readonly payload: Uint8Array
  readonly replayId: Uint8Array
}

export type Delivery =
  /**
   * `beganAt` is of the first of a stream that began at the end of the topic, not before that instant (epoch ms,
   * Salesforce's clock): what happened earlier has to be read in another way. Otherwise nothing lies before the events but
   * what was delivered.
   */
  | { readonly kind: 'events'; readonly events: readonly Received[]; readonly beganAt: number | undefined }
  /** The bus has taken such a stream, or should have: what happened while it was opened is worth a look. */
  | { readonly kind: 'accepted'; readonly beganAt: number }
  /** The replay id means nothing any more: what came after it has to be read in another way. */
  | { readonly kind: 'lost' }
  /** The deliveries of the day are used up. */
  | { readonly kind: 'limited' }
  /** We may not read the topic, or there is none. */
  | { readonly kind: 'none'; readonly reason: string }

const shortestPauseMs = 200
const longestPauseMs = 30_000
/** After a used-up allocation: it is counted over 24 hours, so nothing changes soon. */
const limitPauseMs = 300_000
const settleMs = 500
/** The bus may say that it takes a stream only with the first message: so long after it was asked it has taken it. */
const takenMs = 1_000
/** Repetitions come close together: N-fold after a reconnect, or right behind the first. */
const rememberedEvents = 20_000

/**
 * The events of a topic over all the streams that it takes: each goes on behind the last event that the one before
 * delivered, whatever ended it. Events that come again are left out.
 */
export class Subscription {
  readonly #options: SubscriptionOptions
  readonly #seen = new RecentIds(rememberedEvents)
  #stream: EventStream | undefined
  #session: Session | undefined
  #after: Uint8Array | undefined
  #unbroken = true
  #toldAccepted = true
  #failures = 0
  #notBefore = 0
  #wake: () => void = () => undefined
  #commits = 0
  #beganAt = 0
  #openedAt = 0

  /**
   * @param after the replay id to go on behind; without one it begins at the end of the topic
   * @param seen those of events that were had before, base64
   */
  constructor(options: SubscriptionOptions, after: Uint8Array | undefined, seen: readonly string[] = []) {
    this.#options = options
    this.#after = after
    for (const id of seen) this.#seen.add(id)
  }

  /** A stream began at the end of the topic and has not brought anything since: changes may be missed. */
  get inDoubt(): boolean {
    return !this.#unbroken && this.#stream?.waiting !== true
  }

  /** Whether a stream is open, over a connection that stands. */
  get listening(): boolean {
    return this.#stream !== undefined && this.#options.bus.connected
  }

  /** The latest stream that began at the end of the topic did so not before this (epoch ms, Salesforce's clock). */
  get beganAt(): number {
    return this.#beganAt
  }

  /** Opens the stream if it is not open, without waiting for anything to come. @throws AndonError as the log-in does */
  async open(means: CallMeans): Promise<void> {
    if (this.#stream !== undefined || this.#options.clock.now() < this.#notBefore) return
    const { bus, http, clock, topic, managed, idleMs, silenceMs } = this.#options
    const session = await http.session(means)
    this.#session = session
    this.#openedAt = clock.now()
    // Where a managed one goes on, the org knows; what we have to read besides, not.
    this.#unbroken = this.#after !== undefined
    this.#toldAccepted = this.#unbroken
    if (!this.#unbroken) this.#beganAt = http.serverTime.now(clock)
    this.#stream = new EventStream({
      wire: managed === undefined ? bus.subscribe(session) : bus.managedSubscribe(session),
      first: managed === undefined ? firstRequest(topic, this.#after) : { developerName: managed },
      clock,
      idleMs,
      silenceMs,
      wake: () => this.#wake(),
    })
  }

  /**
   * The next delivery; undefined when `waitMs` passed without one, or the signal was aborted. Whoever calls it has
   * finished with the one before.
   */
  async next(means: CallMeans, waitMs: number): Promise<Delivery | undefined> {
    const { clock } = this.#options
    const until = clock.now() + waitMs
    while (!means.signal.aborted) {
      await this.open(means)
      const delivery = this.#taken()
      if (delivery !== undefined) return delivery
      const now = clock.now()
      const again = Math.min(until, (this.#stream === undefined ? this.#notBefore : this.#settledAt) ?? until)
      if (now >= until) return undefined
      await this.#news(Math.max(1, again - now), means)
    }
    return undefined
  }

  /** When a stream that begins at the end of the topic has been open for a while without a message; undefined: never. */
  get #settledAt(): number | undefined {
    if (this.#toldAccepted || this.#stream === undefined) return undefined
    return (this.#stream.acceptedAt ?? this.#openedAt + takenMs) + settleMs
  }

  /** Tells the org of a managed subscription that everything up to this event is durable. */
  commit(replayId: Uint8Array): void {
    if (this.#options.managed === undefined) return
    this.#commits += 1
    this.#stream?.commit(replayId, `andon-${this.#commits}`)
  }

  /**
   * Lets the stream go, so that another one goes on where it stands.
   *
   * @returns false where nothing has come yet that another one could go on behind
   */
  renew(): boolean {
    if (this.#options.managed === undefined && this.#after === undefined) return false
    this.close()
    return true
  }

  close(): void {
    this.#stream?.close()
    this.#stream = undefined
  }

  #taken(): Delivery | undefined {
    const stream = this.#stream
    if (stream === undefined) return undefined
    const messages = stream.take()
    if (messages.length > 0) return this.#read(messages)
    const settled = this.#settledAt
    if (settled !== undefined && this.#options.clock.now() >= settled) {
      this.#toldAccepted = true
      return { kind: 'accepted', beganAt: this.#beganAt }
    }
    const { failure } = stream
    return failure === undefined ? undefined : this.#ended(failure)
  }

  #read(messages: readonly StreamMessage[]): Delivery | undefined {
    this.#failures = 0
    const events: Received[] = []
    for (const message of messages) {
      for (const wire of message.events) {
        const event = receivedOf(wire)
        if (event === undefined || !this.#seen.add(Buffer.from(event.replayId).toString('base64'))) continue
        events.push(event)
        this.#after = event.replayId
      }
      if (message.latest !== undefined) this.#after = message.latest
    }
    const beganAt = this.#unbroken ? undefined : this.#beganAt
    this.#unbroken = true
    // Only repetitions, or a sign of life.
    return events.length === 0 && beganAt === undefined ? undefined : { kind: 'events', events, beganAt }
  }

  #ended(failure: BusFailure): Delivery | undefined {
    const { clock, logger, topic, http } = this.#options
    this.#stream = undefined
    const letGo = failure.code === 'idle'
    if (letGo) return undefined
    const wait = Math.min(longestPauseMs, shortestPauseMs * 2 ** this.#failures)
    // The first time at once: a stream that ends is everyday life.
    this.#notBefore = this.#failures === 0 ? 0 : clock.now() + wait
    this.#failures += 1
    const text = http.redactor.redact(failure.text)
    logger.info({ topic, reason: text, failures: this.#failures }, 'the event stream ended; resuming')
    switch (failure.kind) {
      case 'unauthenticated':
        if (this.#session !== undefined) http.turnedAway(this.#session)
        return undefined
      case 'replay-id':
        this.#after = undefined
        this.#seen.clear()
        return { kind: 'lost' }
      case 'limit':
        this.#notBefore = clock.now() + limitPauseMs
        return { kind: 'limited' }
      case 'topic':
        return { kind: 'none', reason: text }
      case 'passing':
        return undefined
    }
  }

  /** Until something may have come, the time has passed, or nobody waits any more. */
  async #news(milliseconds: number, { signal }: CallMeans): Promise<void> {
    const woken = new AbortController()
    this.#wake = () => woken.abort()
    const ends = AbortSignal.any([signal, woken.signal])
    await pause(this.#options.clock, milliseconds, ends)
    this.#wake = () => undefined
  }
}

function firstRequest(topicName: string, replayId: Uint8Array | undefined): WireRequest {
  return replayId === undefined
    ? { topicName, replayPreset: 'LATEST' }
    : { topicName, replayPreset: 'CUSTOM', replayId }
}

function receivedOf({ event, replayId }: WireEvent): Received | undefined {
  return event === null ? undefined : { schemaId: event.schemaId, payload: event.payload, replayId }
}
