import type { ChannelSet } from '../channel/channel-set.js'
import type { RawPayload } from '../channel/payload.js'
import type { Clock } from '../connector/clock.js'
import { packedFeedback, unpackEntries } from '../connector/packed-entries.js'
import type { Problem, QuarantineRecord } from '../connector/store.js'
import { AndonError } from '../errors/index.js'
import { sealed } from '../feedback/raw.js'
import type { FeedbackRecord } from '../feedback/schema.js'
import { stableId } from '../ids.js'
import type { JsonValue } from '../json.js'
import type { RuleMatcher } from '../rule/runtime/matcher.js'
import { type LocalBatch, type ReadBatch, type Refusal, readBatch } from './read-batch.js'
import type { ReaderPool } from './reader-pool.js'
import type { StreamJournal, Taken } from './stream/feedback-stream.js'
import type { CountKey, PreparedEntry } from './stream/prepared.js'
import { currentContext, inSpan, traceparentOf } from './tracing.js'

/** What became of one payload, or of one of its feedbacks where a payload carries several. */
export type IngestResult =
  | { readonly status: 'accepted'; readonly id: string; readonly payload: number }
  /** Known already; `merged` when the content was new and is kept as a revision of the first. */
  | { readonly status: 'duplicate'; readonly id: string; readonly payload: number; readonly merged: boolean }
  | {
      readonly status: 'quarantined'
      readonly id: string
      readonly payload: number
      readonly problems: readonly Problem[]
    }

export interface IntakeOptions {
  readonly journal: StreamJournal
  readonly clock: Clock
  readonly channels: ChannelSet
  readonly matcher: RuleMatcher
  /** Threads for large batches; absent when channels or store cannot be used from one. */
  readonly readers: ReaderPool | undefined
  /** True while something wants to see every feedback, not only those that match a rule. */
  readonly keepsAll: () => boolean
  readonly tenant: string
  readonly source: string
  readonly customerKey: string
  readonly maxPayloadBytes: number
  readonly maxPending: number
  /**
   * So long after a batch few payloads wait for company (ms of real time): what comes alone goes at once. Absent: no
   * longer than a turn of the event loop.
   */
  readonly gatherMs?: number
  readonly accepted: (entries: readonly PreparedEntry[]) => void
  readonly quarantined: (records: readonly QuarantineRecord[]) => void
}

interface Call {
  readonly payloads: readonly RawPayload[]
  /** As far as they are known. */
  readonly results: IngestResult[]
  isAnswered: boolean
  readonly resolve: (results: readonly IngestResult[]) => void
  readonly reject: (error: unknown) => void
}

/** One payload on its way, with the call it belongs to. */
interface Item {
  readonly call: Call
  readonly index: number
  readonly raw: RawPayload
}

// So many at once: few enough to stay in the processor's cache from reading to writing, and not to stop the process.
const maxPerTurn = 256
// Fewer payloads are read here before a thread would have answered.
const worthAThread = 64
const maxInFlight = 6

type AnyBatch = ReadBatch | LocalBatch

/**
 * Intake: decode, parse, normalise, quarantine, append. Calls that arrive together share one append; a
 * promise resolves when what it stands for is on disk. Appends keep the order of the calls.
 */
export class Intake {
  readonly #options: IntakeOptions
  readonly #waiting: Item[] = []
  #waitingFrom = 0
  #pending = 0
  #lastAt: number
  #running: Promise<void> | undefined
  /** When the last batch was taken up (ms of the monotonic clock). */
  #lastBatchAt = Number.NEGATIVE_INFINITY
  /** When the batch before has been handed to the store, and when it has been answered. */
  #before = { issued: Promise.resolve(), answered: Promise.resolve() }
  #inFlight: Promise<unknown>[] = []
  /** Payloads are only taken up when what it stands for is over. */
  #gate: Promise<void> = Promise.resolve()

  constructor(options: IntakeOptions, lastAt: number) {
    this.#options = options
    this.#lastAt = lastAt
  }

  /** Payloads accepted by `ingest` and not yet on disk. */
  get pending(): number {
    return this.#pending
  }

  ingest(payloads: readonly RawPayload[]): Promise<readonly IngestResult[]> {
    const { maxPending } = this.#options
    if (payloads.length === 0) return Promise.resolve([])
    if (this.#pending > 0 && this.#pending + payloads.length > maxPending) {
      return Promise.reject(
        new AndonError('OVERLOADED', { details: { pending: this.#pending, limit: maxPending } }),
      )
    }
    this.#pending += payloads.length
    return new Promise((resolve, reject) => {
      const call: Call = { payloads, results: [], isAnswered: false, resolve, reject }
      for (const [index, raw] of payloads.entries()) this.#waiting.push({ call, index, raw })
      this.#running ??= this.#drain()
    })
  }

  /** Resolves when everything handed in is on disk or rejected. */
  async settle(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  /** Runs something while no payload is between reading and analysis; what comes meanwhile waits. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#gate
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#gate = promise
    try {
      await before
      await Promise.all(this.#inFlight)
      return await work()
    } finally {
      resolve()
    }
  }

  /** The instant for the next append: the clock's, never before the journal's last. */
  instant(): number {
    this.#lastAt = Math.max(this.#lastAt, this.#options.clock.now())
    return this.#lastAt
  }

  async #drain(): Promise<void> {
    // Calls of the same turn of the event loop share an append.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waitingFrom < this.#waiting.length) {
      await this.#company()
      await this.#gate
      const items = this.#waiting.slice(this.#waitingFrom, this.#waitingFrom + maxPerTurn)
      this.#waitingFrom += items.length
      if (this.#waitingFrom >= this.#waiting.length || this.#waitingFrom > 16 * maxPerTurn) {
        this.#waiting.splice(0, this.#waitingFrom)
        this.#waitingFrom = 0
      }
      this.#lastBatchAt = performance.now()
      this.#inFlight.push(this.#append(items).catch((error: unknown) => this.#failed(items, error)))
      // The next batches are read while this one is compressed and written: enough in flight to keep the cores busy.
      if (this.#inFlight.length >= maxInFlight) await this.#inFlight.shift()
      await new Promise((resolve) => setImmediate(resolve))
    }
    const rest = this.#inFlight
    this.#inFlight = []
    await Promise.all(rest)
    this.#running = this.#waitingFrom < this.#waiting.length ? this.#drain() : undefined
  }

  /** Few payloads that come right after others wait for more. */
  async #company(): Promise<void> {
    const { gatherMs = 0 } = this.#options
    const milliseconds = this.#lastBatchAt + gatherMs - performance.now()
    if (milliseconds <= 0 || this.#waiting.length - this.#waitingFrom >= worthAThread) return
    await new Promise((resolve) => setTimeout(resolve, milliseconds))
  }

  /** Batches are read in any order, but appended and answered in the order in which they came. */
  #append(items: readonly Item[]): Promise<void> {
    const at = this.instant()
    const { issued, answered } = this.#before
    const mine = { issued: Promise.withResolvers<void>(), answered: Promise.withResolvers<void>() }
    this.#before = { issued: mine.issued.promise, answered: mine.answered.promise }
    const work = inSpan(
      'andon.intake',
      currentContext(),
      { 'andon.batch.size': items.length },
      async (span) => {
        const batch = await this.#read(items, at, traceparentOf(span))
        const kept = this.#keep(batch)
        const records = this.#quarantineRecords(items, batch, at)
        await issued
        const appending = this.#write(batch, [...records.values()], at)
        mine.issued.resolve()
        const answers = await appending
        await answered
        this.#options.accepted(preparedEntries(batch, kept, answers, at))
        this.#options.quarantined([...records.values(), ...refused(answers)])
        this.#answer(items, batch, records, answers)
      },
    )
    // A batch that fails must not hold up the ones behind it.
    return work.finally(() => {
      mine.issued.resolve()
      mine.answered.resolve()
    })
  }

  /** Large batches are read on a thread where there is one; small ones here, which is faster for them. */
  async #read(items: readonly Item[], now: number, traceparent: string | undefined): Promise<AnyBatch> {
    const { channels, matcher, readers, tenant, source, customerKey, maxPayloadBytes } = this.#options
    const context = { tenant, source, now, customerKey, limits: { maxBytes: maxPayloadBytes } }
    const payloads = items.map(({ raw }) =>
      traceparent === undefined || raw.traceparent !== undefined ? raw : { ...raw, traceparent },
    )
    const elsewhere = payloads.length < worthAThread ? undefined : await readers?.read(payloads, context)
    return elsewhere ?? readBatch(payloads, { channels, matcher, context })
  }

  #write(batch: AnyBatch, quarantined: readonly QuarantineRecord[], at: number): Promise<readonly Taken[]> {
    const { journal } = this.#options
    const { packed, counts, countOf } = batch
    const about = (index: number): CountKey | undefined => counts[countOf[index] ?? -1]
    return journal.appendPacked === undefined
      ? journal.append({ at, entries: unpackEntries(packed), quarantined })
      : journal.appendPacked({ at, packed, quarantined, about })
  }

  /** The records that analysis will look at, read before the buffer that holds them is handed over. */
  #keep(batch: AnyBatch): ReadonlyMap<number, FeedbackRecord> {
    const all = this.#options.keepsAll()
    const kept = new Map<number, FeedbackRecord>()
    for (let entry = 0; entry < batch.countOf.length; entry++) {
      if (!all && !batch.matches.has(entry)) continue
      const local = 'records' in batch ? batch.records[entry] : undefined
      kept.set(entry, local ?? packedFeedback(batch.packed, entry))
    }
    return kept
  }

  #quarantineRecords(
    items: readonly Item[],
    { payloadOf, refusals }: AnyBatch,
    at: number,
  ): ReadonlyMap<number, QuarantineRecord> {
    const records = new Map<number, QuarantineRecord>()
    for (const [index, refusal] of refusals) {
      const item = items[payloadOf[index] ?? 0]
      if (item !== undefined) records.set(index, this.#quarantineRecord(item.raw, refusal, at))
    }
    return records
  }

  #answer(
    items: readonly Item[],
    { payloadOf }: AnyBatch,
    records: ReadonlyMap<number, QuarantineRecord>,
    answers: readonly Taken[],
  ): void {
    let next = 0
    for (const [index, payload] of payloadOf.entries()) {
      const item = items[payload]
      const record = records.get(index)
      const answer = record === undefined ? answers[next++] : undefined
      if (item !== undefined) {
        item.call.results.push(outcome(item.index, record ?? 'entry', answer))
      }
    }
    this.#finish(items)
  }

  #quarantineRecord(raw: RawPayload, failed: Refusal, at: number): QuarantineRecord {
    const tenant = raw.tenant ?? this.#options.tenant
    const source = raw.source ?? this.#options.source
    const envelope: Record<string, JsonValue> = {}
    if (raw.channel !== undefined) envelope.channel = raw.channel
    if (raw.contentType !== undefined) envelope.contentType = raw.contentType
    if (raw.headers !== undefined) envelope.headers = withoutSecrets(raw.headers)
    if (raw.receivedAt !== undefined) envelope.receivedAt = new Date(raw.receivedAt).getTime()
    const sealedRaw = sealed(failed.raw)
    return {
      id: stableId('q', tenant, source, sealedRaw.sha256, failed.problems[0]?.field ?? ''),
      tenant,
      source,
      ...(failed.channel === undefined ? {} : { channel: failed.channel }),
      at,
      problems: failed.problems,
      raw: sealedRaw,
      envelope,
    }
  }

  /** A call is answered when its last payload is on disk. */
  #finish(items: readonly Item[]): void {
    this.#pending -= items.length
    for (const { call, index } of items) {
      if (call.isAnswered || index !== call.payloads.length - 1) continue
      call.isAnswered = true
      call.resolve(call.results)
    }
  }

  #failed(items: readonly Item[], error: unknown): void {
    this.#pending -= items.length
    for (const { call } of items) {
      if (call.isAnswered) continue
      call.isAnswered = true
      call.reject(error)
    }
  }
}

/** Headers that carry credentials are needed by no parser and must not outlive the request. */
function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  const secret = /auth|cookie|token|secret|signature|api-?key/i
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !secret.test(name)))
}

const refused = (answers: readonly Taken[]): readonly QuarantineRecord[] =>
  answers.flatMap((answer) => (answer.status === 'refused' ? [answer.record] : []))

function preparedEntries(
  { matches, counts, countOf, severities }: AnyBatch,
  kept: ReadonlyMap<number, FeedbackRecord>,
  answers: readonly Taken[],
  at: number,
): PreparedEntry[] {
  const entries: PreparedEntry[] = []
  for (const [index, answer] of answers.entries()) {
    if (answer.status !== 'accepted') continue
    const { offset } = answer
    const feedback = kept.get(index)
    const count = counts[countOf[index] ?? 0]
    if (feedback !== undefined) {
      entries.push({ kind: 'feedback', offset, at, feedback, matches: matches.get(index) ?? [] })
    } else if (count !== undefined) {
      entries.push({ kind: 'passed', offset, at, count, severity: severities[index] ?? 0 })
    }
  }
  return entries
}

function outcome(
  payload: number,
  result: 'entry' | QuarantineRecord,
  answer: Taken | undefined,
): IngestResult {
  if (result !== 'entry') return { status: 'quarantined', id: result.id, payload, problems: result.problems }
  if (answer?.status === 'refused') {
    const { id, problems } = answer.record
    return { status: 'quarantined', id, payload, problems }
  }
  if (answer?.status === 'duplicate') {
    return { status: 'duplicate', id: answer.feedbackId, payload, merged: answer.merged }
  }
  return { status: 'accepted', id: answer?.feedbackId ?? '', payload }
}
