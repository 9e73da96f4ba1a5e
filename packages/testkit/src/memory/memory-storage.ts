import type {
  Action,
  AuditLine,
  Belief,
  HourlyAggregate,
  JournalEntry,
  JsonObject,
  QuarantineRecord,
  Signal,
  Snapshot,
} from '@andon/core/connector'

/** What stays when a {@link memoryStore} is closed: open another one over it, as after a restart. */
export interface MemoryStorage {
  journal: JournalEntry[]
  /** Of the last entry ever written, also when it was trimmed since. */
  head: { offset: number; at: number }
  readonly seen: Map<string, { readonly feedbackId: string; readonly sha256: string }>
  readonly signals: Map<string, Signal>
  readonly actions: Map<string, Action>
  /** By target, tenant and subject. */
  readonly beliefs: Map<string, Belief>
  /** By tenant and number. */
  readonly audit: Map<string, AuditLine>
  /** The last line of each tenant's chain. */
  readonly auditHeads: Map<string, AuditLine>
  readonly kept: Map<string, JsonObject>
  readonly quarantine: Map<string, QuarantineRecord>
  readonly checkpoints: Map<string, number>
  readonly snapshots: Map<string, Snapshot>
  readonly positions: Map<string, JsonObject>
  readonly aggregates: Map<string, HourlyAggregate>
}

export function memoryStorage(): MemoryStorage {
  return {
    journal: [],
    head: { offset: 0, at: 0 },
    seen: new Map(),
    signals: new Map(),
    actions: new Map(),
    beliefs: new Map(),
    audit: new Map(),
    auditHeads: new Map(),
    kept: new Map(),
    quarantine: new Map(),
    checkpoints: new Map(),
    snapshots: new Map(),
    positions: new Map(),
    aggregates: new Map(),
  }
}
