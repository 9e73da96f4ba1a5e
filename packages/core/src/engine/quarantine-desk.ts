import type { RawPayload } from '../channel/payload.js'
import type { NewEntry, QuarantineRecord, Store } from '../connector/store.js'
import { AndonError } from '../errors/index.js'
import { cut, maxShownLength } from '../feedback/problem.js'
import { rawTextOf } from '../feedback/raw.js'
import { channelNames } from '../feedback/schema.js'
import type { IngestResult } from './intake.js'
import { corrected, entryOf } from './worker/read-messages.js'

/** What could not become feedback, kept whole until someone decides. */
export interface QuarantineDesk {
  get: Store['quarantine']['get']
  list: Store['quarantine']['list']
  /**
   * Sends the payload through intake again, corrected when `correction` says how. The record goes when
   * the payload is accepted or known; what fails again stays.
   */
  replay(id: string, correction?: Partial<RawPayload>): Promise<readonly IngestResult[]>
  /** Forgets a record. */
  discard(id: string): Promise<void>
}

export interface QuarantineDeskOptions {
  readonly store: Store
  readonly ingest: (payloads: readonly RawPayload[]) => Promise<readonly IngestResult[]>
  /** Puts a feedback on the stream that a message of it could not be read as; absent without a stream. */
  readonly publish?: (entry: NewEntry) => Promise<unknown>
}

export function quarantineDesk({ store, ingest, publish }: QuarantineDeskOptions): QuarantineDesk {
  const remove = (id: string): Promise<void> =>
    store.transaction((transaction) => transaction.removeQuarantined(id))
  return {
    get: (id) => store.quarantine.get(id),
    list: (options) => store.quarantine.list(options),
    async replay(id, correction = {}) {
      const record = await store.quarantine.get(id)
      if (record === undefined)
        throw new AndonError('NOT_FOUND', { details: { kind: 'quarantine record', id } })
      if (publish !== undefined && isStreamMessage(record)) {
        const result = await replayed(record, correction.body, publish)
        if (result.status === 'accepted') await remove(id)
        return [result]
      }
      const results = await ingest([{ ...payloadOf(record), ...correction }])
      const stuck = results.some((result) => result.status === 'quarantined' && result.id === id)
      if (!stuck) await remove(id)
      return results
    },
    discard: remove,
  }
}

/** It was read from a partition: what it carries is a feedback, not a request. */
const isStreamMessage = ({ envelope }: QuarantineRecord): boolean => typeof envelope.position === 'number'

/** A message that this version can read, or whose record was corrected, goes on the stream again. */
async function replayed(
  { id, raw, envelope }: QuarantineRecord,
  record: RawPayload['body'] | undefined,
  publish: (entry: NewEntry) => Promise<unknown>,
): Promise<IngestResult> {
  const body = Buffer.from(raw.payload, raw.encoding === 'text' ? 'utf8' : 'base64')
  const message = { body, headers: headersOf(envelope) }
  const read = entryOf(record === undefined ? message : corrected(message, rawTextOf(record).payload))
  if (!('entry' in read)) {
    const { field, reason } = read
    const value = cut(raw.payload, maxShownLength)
    return { status: 'quarantined', id, payload: 0, problems: [{ field, reason, value }] }
  }
  await publish(read.entry)
  return { status: 'accepted', id: read.entry.feedback.feedbackId, payload: 0 }
}

const headersOf = ({ headers }: QuarantineRecord['envelope']): Readonly<Record<string, string>> =>
  typeof headers === 'object' && headers !== null
    ? Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
    : {}

/** The request as it came. */
function payloadOf({ raw, tenant, source, envelope }: QuarantineRecord): RawPayload {
  const channel = channelNames.find((name) => name === envelope.channel)
  const { contentType, receivedAt } = envelope
  return {
    body: raw.encoding === 'text' ? raw.payload : Buffer.from(raw.payload, 'base64'),
    tenant,
    source,
    ...(channel === undefined ? {} : { channel }),
    ...(typeof contentType === 'string' ? { contentType } : {}),
    ...(typeof receivedAt === 'number' ? { receivedAt } : {}),
    ...(isHeaders(envelope.headers) ? { headers: envelope.headers } : {}),
  }
}

function isHeaders(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((header) => typeof header === 'string')
  )
}
