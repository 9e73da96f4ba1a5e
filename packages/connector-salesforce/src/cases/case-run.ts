import type { Batch, Position, RawPayload } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'
import type { Bus } from '../events/bus.js'
import { isGap, isOverflow } from '../events/change-event.js'
import { Subscription } from '../events/subscription.js'
import type { CallMeans } from '../http/salesforce-http.js'
import { pause } from '../pause.js'
import type { Rest } from '../rest/rest.js'
import { textAt } from '../rest/rows.js'
import type { Steady } from '../steady.js'
import { CaseChanges, type NumberedEvent, type ReadRow } from './case-changes.js'
import type { CheckedCaseOptions } from './case-options.js'
import { changeType, type PayloadMaker, payloadMaker, saidInCase } from './case-payload.js'
import { type CasePosition, writePosition } from './case-position.js'
import { EventFeed, type FeedDelivery, type FeedEvent } from './event-feed.js'
import type { FieldList } from './field-list.js'
import { HangerReaders } from './hanger-readers.js'
import { instantOf, KeysetReader } from './keyset-reader.js'
import { PatientQueries } from './patient-queries.js'

export interface CaseRunOptions {
  readonly options: CheckedCaseOptions
  readonly rest: Rest
  /** Undefined: polling only. */
  readonly bus: Bus | undefined
  readonly fields: FieldList
  readonly means: CallMeans
  readonly steady: Steady
}

/** What was stamped so long before an instant had been committed by then, as far as clocks and transactions go (ms). */
const slackMs = 2_000
/** Salesforce's time is known to the second. */
const secondMs = 1_000
/** Young cases that are held until their place among the events is known. */
const mostHeld = 2_000

/** Repetitions are of a message or two. */
const mostSeen = 100

interface CatchUp {
  /** Events of what was committed from then on come by the stream (epoch ms); absent: none are on their way. */
  readonly since?: number
  /** What was changed from then on is left to another time (epoch ms). */
  readonly until?: number
  /** Opens the stream, once the first page is read. */
  readonly open?: () => Promise<void>
}

/** One reading of an org, from a position on. */
export class CaseRun {
  readonly #run: CaseRunOptions
  readonly #payload: PayloadMaker
  readonly #cases: KeysetReader
  readonly #changes: CaseChanges
  readonly #queries: PatientQueries
  readonly #hangers: HangerReaders
  readonly #events: { readonly subscription: Subscription; readonly feed: EventFeed } | undefined
  /** Of the last event whose batch was handed on. */
  #replayId: string | undefined
  /** Those of the latest events, that one as the last. */
  #seen: readonly string[]
  /** When that was committed (epoch ms). */
  #passedAt = 0
  #polling: boolean
  #nextPoll: number
  #caughtUpAt = Number.NEGATIVE_INFINITY

  constructor(run: CaseRunOptions, kept: CasePosition) {
    this.#run = run
    const { options, rest, bus, fields, means } = run
    const { clock } = means
    this.#payload = payloadMaker(options)
    this.#replayId = kept.replayId
    this.#seen = kept.seen
    this.#polling = bus === undefined
    this.#nextPoll = clock.now()
    this.#cases = new KeysetReader(
      {
        rest,
        object: 'Case',
        fields,
        filter: options.filter,
        lookBackMs: options.lookBackMs,
        since: this.#since(),
        first: options.snapshot === 'bulk' ? 'bulk' : 'soql',
        pageRows: options.batchSize,
      },
      kept.cases,
    )
    this.#changes = new CaseChanges({
      rest,
      fields,
      filter: options.filter,
      payload: this.#payload,
      clientName: options.clientName,
      told: (row) => this.#cases.told(row),
    })
    this.#queries = new PatientQueries(run)
    this.#hangers = new HangerReaders({
      ...run,
      queries: this.#queries,
      payload: this.#payload,
      since: this.#since(),
      cases: (ids) => this.#changes.rows(ids, means),
    })
    if (bus !== undefined) {
      const subscription = this.#subscribe(bus)
      const { steady } = run
      this.#events = {
        subscription,
        feed: new EventFeed({ options, subscription, bus, rest, means, steady }),
      }
    }
  }

  /** What is read beside cases depends on the org; before {@link batches}. */
  prepare(kept: CasePosition): Promise<void> {
    return this.#hangers.prepare(kept)
  }

  async *batches(): AsyncGenerator<Batch<RawPayload>, void, undefined> {
    const { means } = this.#run
    const events = this.#events
    try {
      if (this.#replayId === undefined) yield* this.#begin()
      while (!means.signal.aborted) {
        if (means.clock.now() >= this.#nextPoll) yield* this.#poll()
        const waitMs = Math.max(1, this.#nextPoll - means.clock.now())
        if (this.#polling || events === undefined) await pause(means.clock, waitMs, means.signal)
        else {
          const delivery = await events.feed.next(waitMs)
          if (delivery !== undefined) yield* this.#deliver(delivery)
        }
      }
    } finally {
      events?.subscription.close()
    }
  }

  async *#deliver(delivery: FeedDelivery): AsyncGenerator<Batch<RawPayload>, void, undefined> {
    const { logger, name, topic, receive } = this.#run.options
    switch (delivery.kind) {
      case 'events':
        if (delivery.beganAt === undefined) yield* this.#told(delivery.events)
        else yield* this.#first(delivery.events, delivery.beganAt)
        return
      case 'accepted':
        yield* this.#catchUp({ since: delivery.beganAt })
        return
      case 'lost':
        logger.warn(
          { source: name, topic, since: this.#cases.mark?.at ?? '' },
          'the replay id has expired: what came after it is read by queries',
        )
        this.#replayId = undefined
        this.#changes.last.forget()
        yield* this.#begin()
        return
      case 'limited':
        logger.warn(
          { source: name, topic },
          'the event deliveries of 24 hours are used up: polling meanwhile',
        )
        yield* this.#catchUp({ until: this.#now - slackMs })
        return
      case 'none':
        if (receive === 'events') throw this.#noEvents(delivery.reason)
        logger.warn(
          { source: name, topic, reason: delivery.reason },
          'no change events here: polling instead',
        )
        this.#polling = true
        this.#replayId = undefined
        yield* this.#catchUp()
    }
  }

  /** The first message of a stream that began at the end of the topic: what happened before that is read by queries. */
  async *#first(
    events: readonly FeedEvent[],
    beganAt: number,
  ): AsyncGenerator<Batch<RawPayload>, void, undefined> {
    this.#changes.last.forget()
    this.#events?.feed.putBack(events)
    yield* this.#catchUp({ since: beganAt })
  }

  /** Events in a row, up to the first hole among them; then what is in the hole. */
  async *#told(events: readonly FeedEvent[]): AsyncGenerator<Batch<RawPayload>, void, undefined> {
    const { means } = this.#run
    const hole = events.findIndex((one) => this.#isHole(one))
    const told = hole < 0 ? events : events.slice(0, hole)
    const last = told.at(-1)
    if (last !== undefined) {
      const read = told.flatMap((one) => (one.read === undefined ? [] : [one.read]))
      const items = await this.#queries.do('reading cases', () => this.#changes.payloads(read, means))
      this.#pass(told)
      if (items.length > 0) yield this.#batch(items, last.replayId)
    }
    if (hole >= 0) yield* this.#fill(events.slice(hole))
  }

  /** It does not tell all that happened. */
  #isHole({ read }: FeedEvent): boolean {
    if (read === undefined) return true
    const { event } = read
    const isHole = isOverflow(event) || (isGap(event) && event.entity === 'Case')
    return isHole && !this.#changes.isEcho(event)
  }

  /**
   * What the first of these events does not tell. Until that is known its events come again after a crash: the position
   * stays before it.
   */
  async *#fill(events: readonly FeedEvent[]): AsyncGenerator<Batch<RawPayload>, void, undefined> {
    const isNamed = ({ read }: FeedEvent): boolean => read !== undefined && !isOverflow(read.event)
    const end = events.findIndex((one) => !this.#isHole(one) || !isNamed(one))
    const gaps = events.slice(0, end < 0 ? events.length : end)
    const holes = gaps.length > 0 ? gaps : events.slice(0, 1)
    this.#events?.feed.putBack(events.slice(holes.length))
    if (gaps.length > 0) {
      const items = await this.#inGaps(gaps.flatMap(({ read }) => (read === undefined ? [] : [read])))
      this.#pass(gaps)
      if (items.length > 0) yield this.#batch(items, gaps.at(-1)?.replayId)
      return
    }
    this.#changes.last.forget()
    yield* this.#catchUp({ since: holes[0]?.read?.event.committedAt ?? this.#passedAt })
    this.#pass(holes)
  }

  /** The cases of these gaps. What is read may be ahead of the events, so those that come behind are looked at first. */
  async #inGaps(gaps: readonly NumberedEvent[]): Promise<readonly RawPayload[]> {
    const { means } = this.#run
    const rows = await this.#queries.do('reading cases', () => this.#changes.gapRows(gaps, means))
    return this.#changes.gapPayloads(await this.#placed(rows))
  }

  /** Those of these rows that are left when everything of before they were read is at hand. */
  async #placed<R extends ReadRow>(rows: readonly R[]): Promise<readonly R[]> {
    const left = this.#left(rows)
    if (left.length === 0) return left
    await this.#readAhead()
    // Nobody waits any more: what is at hand is not all.
    return this.#run.means.signal.aborted ? [] : this.#left(left)
  }

  /** Until all events of before now are at hand. */
  async #readAhead(): Promise<void> {
    await this.#events?.feed.readUpTo(this.#now + secondMs + slackMs)
  }

  /** Without those that events tell which have come and are not told yet. */
  #left<R extends ReadRow>(rows: readonly R[]): readonly R[] {
    return this.#changes.left(rows, [...(this.#events?.feed.ahead() ?? [])])
  }

  /** These events are done with. */
  #pass(events: readonly FeedEvent[]): void {
    const last = events.at(-1)
    if (last === undefined) return
    const ids = events.slice(-mostSeen).map(({ replayId }) => Buffer.from(replayId).toString('base64'))
    this.#seen = [...this.#seen, ...ids].slice(-mostSeen)
    this.#replayId = ids.at(-1)
    for (const { read } of events) this.#passedAt = Math.max(this.#passedAt, read?.event.committedAt ?? 0)
    if (this.#passedAt > 0) this.#cases.moveTo(new Date(this.#passedAt).toISOString())
  }

  /**
   * The first reading, or the first after the place among the events was lost. Its first page is read before there is a
   * stream, so all events come after it; the stream is opened before the rest, which may take hours.
   */
  async *#begin(): AsyncGenerator<Batch<RawPayload>, void, undefined> {
    const events = this.#events
    const { steady, means, options } = this.#run
    const open = async (): Promise<void> => {
      if (events !== undefined) await steady.do('subscribing', () => events.subscription.open(means))
    }
    const isJob = options.snapshot === 'bulk' && this.#cases.mark === undefined
    if (isJob) await open()
    yield* this.#catchUp(isJob ? { since: this.#beganAt } : { open })
    if (!isJob) await open()
  }

  /**
   * Everything since the last time, by queries, each case at its place among the events: one that they tell of is left to
   * them. Of one that was at rest when its events began nothing is on its way; a younger one is held until everything of
   * before it was read is at hand.
   */
  async *#catchUp({ since, until, open }: CatchUp = {}): AsyncGenerator<Batch<RawPayload>, void, undefined> {
    this.#caughtUpAt = this.#run.means.clock.now()
    if (this.#run.options.snapshot === 'none' && this.#cases.mark === undefined) {
      this.#cases.moveTo(new Date(this.#now).toISOString())
      return
    }
    let sureAt = since ?? Number.POSITIVE_INFINITY
    const held = new Map<string, ReadRow>()
    const youngFrom = (): number => sureAt - slackMs
    for await (const page of this.#queries.pages(this.#cases, 'reading cases', { until, youngFrom })) {
      const { young, at } = page
      const rows = this.#left(page.rows.map((row) => ({ row, at })))
      const items = this.#queried(rows, Math.min(at.from, youngFrom()))
      if (open !== undefined && sureAt === Number.POSITIVE_INFINITY) {
        await open()
        sureAt = this.#beganAt
      }
      if (items.length > 0) yield this.#batch(items)
      for (const row of young) held.set(textAt(row, 'Id') ?? '', { row, at })
      if (held.size < mostHeld) continue
      sureAt = this.#now
      yield* this.#release(held)
    }
    yield* this.#release(held)
  }

  async *#release(held: Map<string, ReadRow>): AsyncGenerator<Batch<RawPayload>, void, undefined> {
    const rows = [...held.values()]
    held.clear()
    const left = await this.#placed(rows)
    const { batchSize } = this.#run.options
    for (let from = 0; from < left.length; from += batchSize) {
      const some = left.slice(from, from + batchSize)
      const items = some.flatMap((one) => this.#queried([one], one.at.from))
      for (const { row } of some) this.#cases.reached(row)
      if (items.length > 0) yield this.#batch(items)
    }
  }

  #queried(rows: readonly ReadRow[], upTo: number): readonly RawPayload[] {
    return rows.flatMap(({ row }) => {
      const said = saidInCase(row)
      this.#changes.queried(row, upTo)
      if (said === undefined) return []
      const at = instantOf(String(row.SystemModstamp))
      return [this.#payload(said, row, { type: changeType(row, 'SNAPSHOT'), at })]
    })
  }

  /** What has no events: comments, e-mails, and cases where the org has none for them. */
  async *#poll(): AsyncGenerator<Batch<RawPayload>, void, undefined> {
    const { options, means } = this.#run
    const isDue = means.clock.now() - this.#caughtUpAt >= options.pollMs / 2
    if (isDue && this.#polling) yield* this.#catchUp()
    else if (isDue && this.#events?.subscription.inDoubt === true) {
      yield* this.#catchUp({ since: this.#beganAt })
    }
    for await (const items of this.#hangers.payloads()) if (items.length > 0) yield this.#batch(items)
    this.#nextPoll = means.clock.now() + options.pollMs
  }

  #batch(items: readonly RawPayload[], replayId?: Uint8Array): Batch<RawPayload> {
    const position = this.#position()
    return {
      items,
      position,
      commit: async () => {
        if (replayId !== undefined) this.#events?.subscription.commit(replayId)
      },
    }
  }

  #position(): Position {
    const mark = this.#replayId === undefined ? this.#cases.mark : this.#cases.bareMark
    const [comments, emails] = [this.#hangers.mark('comments'), this.#hangers.mark('emails')]
    const position = { replayId: this.#replayId, seen: this.#seen, cases: mark, comments, emails }
    return writePosition(position, this.#run.options.topic)
  }

  #subscribe(bus: Bus): Subscription {
    const { options, rest, means } = this.#run
    const after = this.#replayId === undefined ? undefined : Buffer.from(this.#replayId, 'base64')
    const { topic, logger, idleMs, silenceMs, managedSubscription: managed } = options
    const { clock } = means
    return new Subscription(
      { bus, http: rest.http, clock, logger, topic, managed, idleMs, silenceMs },
      after,
      this.#seen,
    )
  }

  /** Epoch ms by Salesforce's clock, at least. */
  get #now(): number {
    const { rest, means } = this.#run
    return rest.http.serverTime.now(means.clock)
  }

  get #beganAt(): number {
    return this.#events?.subscription.beganAt ?? Number.POSITIVE_INFINITY
  }

  #noEvents(reason: string): AndonError {
    const { name, topic } = this.#run.options
    return new AndonError('SOURCE_FAILED', {
      details: { source: name, problem: `it cannot subscribe to ${topic}: ${reason}` },
      chinese: { problem: `无法订阅 ${topic}：${reason}` },
      retryable: false,
    })
  }

  #since(): string | undefined {
    const { since } = this.#run.options
    return since === undefined ? undefined : new Date(since).toISOString()
  }
}
