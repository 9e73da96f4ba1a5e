import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { AuditEvent, AuditLine } from '../connector/audit.js'
import type { JsonObject } from '../json.js'

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
  const body = {
    ...{ version: 1, sequence, at: new Date(event.at).toISOString(), tenant, what },
    ...(action === undefined ? {} : { action }),
    ...(signal === undefined ? {} : { signal }),
    ...{ data, previous: previous.hash },
  }
  const digest = hash('sha256', canonical(body), 'hex')
  return { sequence, hash: digest, text: canonical({ ...body, hash: digest }) }
}

/** RFC 8785: one text for one value. */
export function canonical(value: JsonObject): string {
  return canonicalize(value) ?? ''
}
