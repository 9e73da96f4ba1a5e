import type { ChannelSet } from '../channel/channel-set.js'
import type { RawPayload } from '../channel/payload.js'
import { type ReadResult, readFeedback } from '../channel/read.js'
import type { Clock } from '../connector/clock.js'
import type { Appended, NewEntry, Problem, QuarantineRecord, Store, StreamEntry } from '../connector/store.js'
import { AndonError } from '../errors/index.js'
import { sealed } from '../feedback/raw.js'
import { stableId } from '../ids.js'
import type { JsonValue } from '../json.js'
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
  readonly store: Store
  readonly clock: Clock
  readonly channels: ChannelSet
  readonly tenant: string
  readonly source: string
  readonly customerKey: string
  readonly maxPayloadBytes: number
  readonly maxPending: number
  readonly accepted: (entries: readonly StreamEntry[]) => void
  readonly quarantined: (records: readonly QuarantineRecord[]) => void
}

interface Call {
  readonly payloads: readonly RawPayload[]
  readonly resolve: (results: readonly IngestResult[]) => void
  readonly reject: (error: unknown) => void
}

/** One payload on its way, with the call it belongs to. */
interface Item {
  readonly call: Call
  readonly index: number
  readonly raw: RawPayload
}

// One turn of the event loop reads this many at the most, so that a large call does not stop the process.
const maxPerTurn = 512

/**
 * Intake: decode, parse, normalise, quarantine, append. Calls that arrive together share one append; a
 * promise resolves when what it stands for is on disk. Appends keep the order of the calls.
 */
export class Intake {
  readonly #options: IntakeOptions
  readonly #waiting: Item[] = []
  readonly #results = new Map<Call, IngestResult[]>()
  #waitingFrom = 0
  #pending = 0
  #lastAt: number
  #running: Promise<void> | undefined
  #inFlight: Promise<unknown>[] = []

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
      const call: Call = { payloads, resolve, reject }
      this.#results.set(call, [])
      for (const [index, raw] of payloads.entries()) this.#waiting.push({ call, index, raw })
      this.#running ??= this.#drain()
    })
  }

  /** Resolves when everything handed in is on disk or rejected. */
  async settle(): Promise<void> {
    while (this.#running !== undefined) await this.#running
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
      const items = this.#waiting.slice(this.#waitingFrom, this.#waitingFrom + maxPerTurn)
      this.#waitingFrom += items.length
      if (this.#waitingFrom >= this.#waiting.length || this.#waitingFrom > 16 * maxPerTurn) {
        this.#waiting.splice(0, this.#waitingFrom)
        this.#waitingFrom = 0
      }
      const appended = this.#append(items).catch((error: unknown) => this.#failed(items, error))
      this.#inFlight.push(appended)
      // The next batch is read while this one is compressed and written; two in flight keep both cores busy.
      if (this.#inFlight.length >= 2) await this.#inFlight.shift()
      await new Promise((resolve) => setImmediate(resolve))
    }
    const rest = this.#inFlight
    this.#inFlight = []
    await Promise.all(rest)
    this.#running = this.#waitingFrom < this.#waiting.length ? this.#drain() : undefined
  }

  #append(items: readonly Item[]): Promise<void> {
    return inSpan('andon.intake', currentContext(), { 'andon.batch.size': items.length }, async (span) => {
      const { store, accepted, quarantined } = this.#options
      const at = this.instant()
      const traceparent = traceparentOf(span)
      const entries: NewEntry[] = []
      const records: QuarantineRecord[] = []
      const found: { item: Item; result: 'entry' | QuarantineRecord }[] = []
      for (const item of items) {
        const read = this.#read(item, at, traceparent)
        // Only parsers that must (MIME) answer later.
        for (const one of read instanceof Promise ? await read : read) {
          if (one.ok) {
            entries.push({ feedback: one.feedback, raw: one.raw, json: JSON.stringify(one.feedback) })
            found.push({ item, result: 'entry' })
          } else {
            const record = this.#quarantineRecord(item.raw, one, at)
            records.push(record)
            found.push({ item, result: record })
          }
        }
      }
      const answers = await store.journal.append({ at, entries, quarantined: records })
      accepted(streamEntries(entries, answers, at))
      quarantined(records)
      let next = 0
      for (const { item, result } of found) {
        const answer = result === 'entry' ? answers[next++] : undefined
        this.#results.get(item.call)?.push(outcome(item.index, result, answer))
      }
      this.#finish(items)
    })
  }

  #read(item: Item, now: number, traceparent: string | undefined): ReturnType<typeof readFeedback> {
    const { channels, tenant, source, customerKey, maxPayloadBytes } = this.#options
    const { raw } = item
    const traced = traceparent === undefined || raw.traceparent !== undefined ? raw : { ...raw, traceparent }
    return readFeedback(traced, channels, {
      tenant,
      source,
      now,
      customerKey,
      limits: { maxBytes: maxPayloadBytes },
    })
  }

  #quarantineRecord(raw: RawPayload, failed: ReadResult & { ok: false }, at: number): QuarantineRecord {
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
      if (index !== call.payloads.length - 1) continue
      const results = this.#results.get(call)
      if (results === undefined) continue
      this.#results.delete(call)
      call.resolve(results)
    }
  }

  #failed(items: readonly Item[], error: unknown): void {
    this.#pending -= items.length
    for (const { call } of items) {
      if (this.#results.delete(call)) call.reject(error)
    }
  }
}

/** Headers that carry credentials are needed by no parser and must not outlive the request. */
function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  const secret = /auth|cookie|token|secret|signature|api-?key/i
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !secret.test(name)))
}

function streamEntries(
  entries: readonly NewEntry[],
  answers: readonly Appended[],
  at: number,
): StreamEntry[] {
  const accepted: StreamEntry[] = []
  for (const [index, { feedback }] of entries.entries()) {
    const answer = answers[index]
    if (answer?.status === 'accepted')
      accepted.push({ kind: 'feedback', offset: answer.offset, at, feedback })
  }
  return accepted
}

function outcome(
  payload: number,
  result: 'entry' | QuarantineRecord,
  answer: Appended | undefined,
): IngestResult {
  if (result !== 'entry') return { status: 'quarantined', id: result.id, payload, problems: result.problems }
  if (answer?.status === 'duplicate') {
    return { status: 'duplicate', id: answer.feedbackId, payload, merged: answer.merged }
  }
  return { status: 'accepted', id: answer?.feedbackId ?? '', payload }
}
