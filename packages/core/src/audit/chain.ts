import { hash } from 'node:crypto'
import type { AuditEvent, AuditLine } from '../connector/audit.js'
import type { JsonArray, JsonObject, JsonValue } from '../json.js'
import { canonical } from './canonical.js'

/** What the first line of a chain carries as the hash of the line before. */
export const firstHash = '0'.repeat(64)

/**
 * The next line of a chain: SHA-256 over the canonical JSON of the event, its number and the hash of the line before.
 * A store calls it within the transaction that appends the line.
 *
 * @param previous the chain's last line: number 0 and `firstHash` before the first
 */
export function auditLine(event: AuditEvent, previous: Pick<AuditLine, 'sequence' | 'hash'>): AuditLine {
  const sequence = previous.sequence + 1
  const { tenant, what, action, signal, data } = event
  // In the order of canonical JSON, so that nothing has to be sorted.
  const body = {
    ...(action === undefined ? {} : { action }),
    ...{ at: new Date(event.at).toISOString(), data, previous: previous.hash, sequence },
    ...(signal === undefined ? {} : { signal }),
    ...{ tenant, version: 1, what },
  }
  try {
    return sealed(sequence, body)
  } catch {
    return sealed(sequence, wellFormed(body))
  }
}

function sealed(sequence: number, body: JsonObject): AuditLine {
  const unsealed = canonical(body)
  const digest = hash('sha256', unsealed, 'hex')
  // In its order `hash` comes right before `previous`, which is the last member of that name: no text holds a bare quote.
  const place = unsealed.lastIndexOf('"previous":')
  return {
    sequence,
    hash: digest,
    text: `${unsealed.slice(0, place)}"hash":"${digest}",${unsealed.slice(place)}`,
  }
}

/**
 * The log takes whatever happened: a customer's text may hold half a character (cut in two, or sent so), for which
 * there is no canonical form. It becomes U+FFFD; a number that JSON does not know becomes null.
 */
function wellFormed(value: JsonObject): JsonObject {
  const members = Object.entries(value)
  return Object.fromEntries(members.map(([name, member]) => [name.toWellFormed(), wellFormedValue(member)]))
}

function wellFormedValue(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'object' || value === null) return value
  return isList(value) ? value.map(wellFormedValue) : wellFormed(value)
}

const isList = (value: object): value is JsonArray => Array.isArray(value)
