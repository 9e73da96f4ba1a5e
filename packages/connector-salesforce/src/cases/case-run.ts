import type { Batch, Position, RawPayload } from '@andon/core/connector'
import { AndonError, problemOf } from '@andon/core/errors'
import type { Bus } from '../events/bus.js'
import { BusError } from '../events/bus-failure.js'
import { SchemaCache } from '../events/schema-cache.js'
import { type Delivery, type Received, Subscription } from '../events/subscription.js'
import type { CallMeans } from '../http/salesforce-http.js'
import { pause } from '../pause.js'
import type { Rest } from '../rest/rest.js'
import type { Steady } from '../steady.js'
import { CaseChanges, isOverflow, type NumberedEvent } from './case-changes.js'
import { caseComments, type Hanger, hangerPayloads, incomingEmails } from './case-hangers.js'
import type { CheckedCaseOptions } from './case-options.js'
import { changeType, type PayloadMaker, payloadMaker, saidInCase } from './case-payload.js'
import { type CasePosition, writePosition } from './case-position.js'
import { type FieldList, fieldsOf } from './field-list.js'
import { instantOf, KeysetReader, type PagesOptions } from './keyset-reader.js'

export interface CaseRunOptions {
  readonly options: CheckedCaseOptions
  readonly rest: Rest
  /** Undefined: polling only. */
  readonly bus: Bus | undefined
  readonly fields: FieldList
  readonly means: CallMeans
  readonly steady: Steady
}

/** How long before room in the quota is looked for again (ms). */
const quotaPauseMs = 60_000

/** One reading of an org, from a position on. */
export class CaseRun {
  readonly #run: CaseRunOptions
  readonly #payload: PayloadMaker
  readonly #cases: KeysetReader
  readonly #changes: CaseChanges
  readonly #hangers: {
    readonly name: 'comments' | 'emails'
    readonly hanger: Hanger
    reader: KeysetReader
  }[] = []
  readonly #schemas: SchemaCache
  readonly #subscription: Subscription | undefined
  /** Of the last event whose batch was handed on. */
  #replayId: string | undefined
  #polling: boolean
  #nextPoll: number
  #saidQuota = false
  #caughtUpAt = Number.NEGATIVE_INFINITY

  constructor(run: CaseRunOptions, kept: CasePosition) {
    this.#run = run
    const { options, rest, bus, fields, means } = run
    const { clock } = means
    this.#payload = payloadMaker(options)
    this.#replayId = kept.replayId
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
    this.#schemas = new SchemaCache((id) => this.#schema(id))
    this.#subscription = bus === undefined ? undefined : this.#subscribe(bus)
  }

  /** The hangers' fields depend on the org; read before {@link batches}. */
  async prepare(kept: CasePosition): Promise<void> {
    const { options, rest, means, steady } = this.#run
    const wanted = [
      ...(options.comments ? [{ name: 'comments' as const, hanger: caseComments }] : []),
      ...(options.emails ? [{ name: 'emails' as const, hanger: incomingEmails }] : []),
    ]
    for (const { name, hanger } of wanted) {
      const fields = await steady.do('describing', () => fieldsOf(rest, hanger.object, hanger.wanted, means))
      // E-mails of an org without Email-to-Case: there is no such object.
      if (!fields.has('SystemModstamp')) continue
      const reader = new KeysetReader(
        {
          rest,
          object: hanger.object,
          fields,
          filter: hanger.filter,
          lookBackMs: options.lookBackMs,
          since: this.#since(),
          first: 'soql',
          pageRows: options.batchSize,
        },
        kept[name],
      )
      this.#hangers.push({ name, hanger, reader })
    }
  }

  async *batches(): AsyncGenerator<Batch<RawPayload>, void, undefined> {
    const { means, steady } = this.#run
    const subscription = this.#subscription
    try {
      // Before the first query, so that nothing falls between them.
      if (subscription !== undefined) await steady.do('subscribing', () => subscription.open(means))
      if (this.#replayId === undefined) yield* this.#catchUp()
      while (!means.signal.aborted) {
        if (means.clock.now() >= this.#nextPoll) yield* this.#poll()
        const waitMs = Math.max(1, this.#nextPoll - means.clock.now())
        if (this.#polling || subscription === undefined) await pause(means.clock, waitMs, means.signal)
        else {
          const delivery = await steady.do('reading events', () => subscription.next(means, waitMs))
          if (delivery !== undefined) yield* this.#deliver(delivery)
        }
      }
    } finally {
      subscription?.close()
    }
  }

  async *#deliver(delivery: Delivery): AsyncGenerator<Batch<RawPayload>, void, undefined> {
    const { logger, name, topic, receive } = this.#run.options
    switch (delivery.kind) {
      case 'events':
        yield* this.#events(delivery.events, delivery.unbroken)
        return
      case 'accepted':
        yield* this.#catchUp()
        return
      case 'lost':
        logger.warn(
          { source: name, topic, since: this.#cases.mark?.at ?? '' },
          'the replay id has expired: what came after it is read by queries',
        )
        this.#replayId = undefined
        yield* this.#catchUp()
        return
      case 'limited':
        logger.warn(
          { source: name, topic },
          'the event deliveries of 24 hours are used up: polling meanwhile',
        )
        yield* this.#catchUp()
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

  async *#events(
    received: readonly Received[],
    unbroken: boolean,
  ): AsyncGenerator<Batch<RawPayload>, void, undefined> {
    const { means, steady } = this.#run
    const last = received.at(-1)
    if (last === undefined) {
      // A sign of life, and no event: what there is was there before.
      if (!unbroken) yield* this.#catchUp()
      return
    }
    const read = await this.#decode(received)
    if (!unbroken) this.#changes.last.forget()
    const events = read.filter((one) => one !== undefined)
    await this.#room()
    const items = await steady.do('reading cases', () => this.#changes.payloads(read, means))
    const hole = read.findLastIndex((one) => one === undefined || this.#isHole(one))
    if (hole < 0 && unbroken) {
      this.#pass(events, last)
      if (items.length > 0) yield this.#batch(items, last.replayId)
      return
    }
    // Until the hole is filled, all of this comes again after a crash: the position stays before it.
    if (items.length > 0) yield this.#batch(items)
    const behind = read.slice(hole + 1).flatMap((one) => (one === undefined ? [] : [one]))
    const at = (hole < 0 ? behind[0] : (read[hole] ?? behind[0]))?.event.committedAt
    yield* this.#catchUp({
      // Stamps are whole seconds. What was changed later, or has an event behind the hole, the stream itself tells.
      until: at === undefined ? undefined : (Math.floor(at / 1000) + 1) * 1000,
      except: new Set(
        behind.filter((one) => !this.#changes.isEcho(one.event)).flatMap(({ event }) => event.recordIds),
      ),
    })
    this.#pass(events, last)
  }

  /** It tells of more than it can name. */
  #isHole({ event }: NumberedEvent): boolean {
    return isOverflow(event) && !this.#changes.isEcho(event)
  }

  /** These events are done with. */
  #pass(events: readonly NumberedEvent[], last: Received): void {
    this.#replayId = Buffer.from(last.replayId).toString('base64')
    const at = events.reduce((latest, { event }) => Math.max(latest, event.committedAt), 0)
    if (at > 0) this.#cases.moveTo(new Date(at).toISOString())
  }

  /** In order; undefined for one that cannot be read. */
  async #decode(received: readonly Received[]): Promise<readonly (NumberedEvent | undefined)[]> {
    const { options, steady } = this.#run
    const events: (NumberedEvent | undefined)[] = []
    for (const { schemaId, payload, replayId } of received) {
      try {
        const read =
          this.#schemas.known(schemaId) ??
          (await steady.do('reading a schema', () => this.#schemas.reader(schemaId)))
        events.push({ event: read(payload), replayId: Buffer.from(replayId).toString('base64') })
      } catch (error) {
        if (error instanceof AndonError || error instanceof BusError) throw error
        events.push(undefined)
        options.logger.warn(
          { source: options.name, schema: schemaId, problem: problemOf(error) },
          'an event cannot be read: what it tells is asked for by a query',
        )
      }
    }
    return events
  }

  /** Everything since the last time, by queries. */
  async *#catchUp(which: PagesOptions = {}): AsyncGenerator<Batch<RawPayload>, void, undefined> {
    this.#caughtUpAt = this.#run.means.clock.now()
    const { options, means } = this.#run
    if (options.snapshot === 'none' && this.#cases.mark === undefined) {
      this.#cases.moveTo(new Date(means.clock.now()).toISOString())
      return
    }
    for await (const rows of this.#pages(this.#cases, 'reading cases', which)) {
      const items = rows.flatMap((row) => {
        const said = saidInCase(row)
        this.#changes.queried(row)
        if (said === undefined) return []
        return [
          this.#payload(said, row, {
            type: changeType(row, 'SNAPSHOT'),
            at: instantOf(String(row.SystemModstamp)),
          }),
        ]
      })
      if (items.length > 0) yield this.#batch(items)
    }
  }

  /** What has no events: comments, e-mails, and cases where the org has none for them. */
  async *#poll(): AsyncGenerator<Batch<RawPayload>, void, undefined> {
    const { options, means, steady } = this.#run
    const isDue = means.clock.now() - this.#caughtUpAt >= options.pollMs / 2
    if (isDue && (this.#polling || this.#subscription?.inDoubt === true)) yield* this.#catchUp()
    for (const { hanger, reader } of this.#hangers) {
      if (options.snapshot === 'none' && reader.mark === undefined) {
        reader.moveTo(new Date(means.clock.now()).toISOString())
      }
      for await (const rows of this.#pages(reader, `reading ${hanger.object}`)) {
        const parents = new Set(rows.map(({ ParentId }) => String(ParentId ?? '')).filter((id) => id !== ''))
        const cases = await steady.do('reading cases', () => this.#changes.rows(parents, means))
        const items = hangerPayloads(hanger, rows, cases, this.#payload)
        if (items.length > 0) yield this.#batch(items)
      }
    }
    this.#nextPoll = means.clock.now() + options.pollMs
  }

  /** All pages of a reader; what fails and passes is tried again, behind the last page. */
  async *#pages(reader: KeysetReader, doing: string, which: PagesOptions = {}) {
    const { means, steady } = this.#run
    for (let failures = 0; ; failures += 1) {
      await this.#room()
      try {
        for await (const rows of reader.pages(means, which)) {
          failures = 0
          yield rows
        }
        return
      } catch (error) {
        await steady.after(error, doing, failures)
      }
    }
  }

  /** Waits while what is left of the org's calls belongs to others. */
  async #room(): Promise<void> {
    const { rest, options, means, steady } = this.#run
    const { quota } = rest.http
    while (quota.spent && !means.signal.aborted) {
      if (!this.#saidQuota) {
        options.logger.warn(
          { source: options.name, ...quota.usage },
          'the API calls of the org are used up to the share that is kept free: waiting',
        )
      }
      this.#saidQuota = true
      await pause(means.clock, quotaPauseMs, means.signal)
      if (means.signal.aborted) return
      // One call, which says how many there are now.
      await steady.do('asking for limits', () => rest.call({ method: 'GET', path: '/limits' }, means))
    }
    this.#saidQuota = false
  }

  #batch(items: readonly RawPayload[], replayId?: Uint8Array): Batch<RawPayload> {
    const position = this.#position()
    return {
      items,
      position,
      commit: async () => {
        if (replayId !== undefined) this.#subscription?.commit(replayId)
      },
    }
  }

  #position(): Position {
    const mark = this.#replayId === undefined ? this.#cases.mark : this.#cases.bareMark
    const [comments, emails] = (['comments', 'emails'] as const).map(
      (wanted) => this.#hangers.find(({ name }) => name === wanted)?.reader.mark,
    )
    const position = { replayId: this.#replayId, cases: mark, comments, emails }
    return writePosition(position, this.#run.options.topic)
  }

  #subscribe(bus: Bus): Subscription {
    const { options, rest, means } = this.#run
    const after = this.#replayId === undefined ? undefined : Buffer.from(this.#replayId, 'base64')
    const { topic, logger, idleMs, silenceMs, managedSubscription: managed } = options
    const { clock } = means
    return new Subscription({ bus, http: rest.http, clock, logger, topic, managed, idleMs, silenceMs }, after)
  }

  async #schema(schemaId: string): Promise<string> {
    const { rest, bus, means } = this.#run
    const session = await rest.http.session(means)
    try {
      return (await bus?.schema(schemaId, session, means.signal)) ?? ''
    } catch (error) {
      if (error instanceof BusError && error.failure.kind === 'unauthenticated') rest.http.turnedAway(session)
      throw error
    }
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
