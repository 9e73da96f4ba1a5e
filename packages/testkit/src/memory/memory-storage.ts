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

/** A lane entry remembers where in its partition it came from. */
export interface MemoryLaneEntry {
  readonly entry: JournalEntry
  readonly position: number
}

export interface MemoryLane {
  entries: MemoryLaneEntry[]
  /** Of the last entry ever written, also when it was trimmed since. */
  head: { offset: number; at: number }
  nextPosition: number
  /** Its scope of copies; empty: none. */
  readonly copies: string
}

export interface MemoryClaim {
  /** Absent: given up. */
  readonly owner?: string
  readonly epoch: number
  /** Until when nobody else may have it (epoch ms). */
  readonly until: number
}

export type MemoryChange = 'actions' | 'signals'

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
  readonly lanes: Map<string, MemoryLane>
  readonly claims: Map<string, MemoryClaim>
  /** Of every store over this storage. */
  readonly listeners: Set<(changed: MemoryChange) => void>
  /** The end of the writes so far: stores over one storage write one after the other. */
  turn: Promise<unknown>
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
    lanes: new Map(),
    claims: new Map(),
    listeners: new Set(),
    turn: Promise.resolve(),
  }
}
