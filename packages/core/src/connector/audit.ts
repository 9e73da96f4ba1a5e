import type { JsonObject } from '../json.js'

/** What happened, as it is handed to the audit log. */
export interface AuditEvent {
  readonly tenant: string
  /** Epoch ms. */
  readonly at: number
  /** e.g. `action.proposed`, `action.signed`, `action.read-back`. */
  readonly what: string
  readonly action?: string
  readonly signal?: string
  /** Plain data; never a secret. */
  readonly data: JsonObject
}

/** A line of the log: number `sequence` of its tenant's chain, from 1 on. */
export interface AuditLine {
  readonly sequence: number
  /** SHA-256, hex; every line carries that of the line before, so that nothing can be changed, removed or moved unseen. */
  readonly hash: string
  /** The line itself: canonical JSON with its hash in it, without a line end. */
  readonly text: string
}

/** The end of a chain. */
export interface AuditHead {
  readonly tenant: string
  readonly sequence: number
  readonly hash: string
}
