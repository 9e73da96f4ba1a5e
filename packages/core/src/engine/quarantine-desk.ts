import type { RawPayload } from '../channel/payload.js'
import type { QuarantineRecord, Store } from '../connector/store.js'
import { AndonError } from '../errors/index.js'
import { channelNames } from '../feedback/schema.js'
import type { IngestResult } from './intake.js'

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

export function quarantineDesk(
  store: Store,
  ingest: (payloads: readonly RawPayload[]) => Promise<readonly IngestResult[]>,
): QuarantineDesk {
  const remove = (id: string): Promise<void> =>
    store.transaction((transaction) => transaction.removeQuarantined(id))
  return {
    get: (id) => store.quarantine.get(id),
    list: (options) => store.quarantine.list(options),
    async replay(id, correction = {}) {
      const record = await store.quarantine.get(id)
      if (record === undefined)
        throw new AndonError('NOT_FOUND', { details: { kind: 'quarantine record', id } })
      const results = await ingest([{ ...payloadOf(record), ...correction }])
      const stuck = results.some((result) => result.status === 'quarantined' && result.id === id)
      if (!stuck) await remove(id)
      return results
    },
    discard: remove,
  }
}

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
