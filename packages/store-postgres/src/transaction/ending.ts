import { type AuditEvent, auditLine, firstHash } from '@andon/core/connector'
import { int8Array, storable, textArray } from '../database/arrays.js'

/** The part of a canonical line between its two parts: known to whoever holds the end of the chain. */
const beforeFirst = { sequence: 0, hash: firstHash }

/** A line of the audit log without the hash of the line before and its number. */
interface OpenLine {
  readonly tenant: string
  readonly before: string
  readonly after: string
}

/**
 * What is written when the work is done, in one statement: checkpoints and the audit log. The end of a tenant's chain
 * is what its transactions take turns with, so it is locked last, and held for no longer than it takes to commit.
 */
export class Ending {
  readonly #checkpoints = new Map<string, number>()
  readonly #lines: OpenLine[] = []

  setCheckpoint(stage: string, offset: number): void {
    this.#checkpoints.set(storable(stage), offset)
  }

  appendAudit(events: readonly AuditEvent[]): void {
    for (const event of events) this.#lines.push(openLine(event))
  }

  /** As `finish` takes it. */
  values(): readonly Buffer[] {
    const stages = [...this.#checkpoints]
    // Stable: the lines of a tenant stay in their order.
    const lines = this.#lines.sort((left, right) => order(left.tenant, right.tenant))
    return [
      textArray(stages.map(([stage]) => stage)),
      int8Array(stages.map(([, offset]) => offset)),
      textArray(lines.map(({ tenant }) => tenant)),
      textArray(lines.map(({ before }) => before)),
      textArray(lines.map(({ after }) => after)),
    ]
  }
}

const order = (left: string, right: string): number => (left === right ? 0 : left < right ? -1 : 1)

/** In the canonical order of its members, `hash`, `previous` and `sequence` stand side by side. */
function openLine(event: AuditEvent): OpenLine {
  const { hash, text } = auditLine(event, beforeFirst)
  const link = `"hash":"${hash}","previous":"${firstHash}","sequence":1`
  const place = text.lastIndexOf(link)
  return {
    tenant: storable(event.tenant),
    before: text.slice(0, place),
    after: text.slice(place + link.length),
  }
}
