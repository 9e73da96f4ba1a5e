import type { Action, ActionStatus } from '../action/action.js'
import type { ChannelName, FeedbackRecord, RawRecord, RawText } from '../feedback/schema.js'
import type { JsonObject, JsonValue } from '../json.js'
import type { Signal, SignalStatus } from '../signal/signal.js'
import type { Localized } from '../text.js'
import type { AuditEvent, AuditHead, AuditLine } from './audit.js'
import type { Belief } from './belief.js'
import type { PackedEntries } from './packed-entries.js'
import type { Plugin } from './plugin.js'
import type { SharedStore } from './shared-store.js'
import type { Subject } from './subject.js'

/** A feedback that is about to enter the journal. The store adds the payload's SHA-256 as it writes. */
export interface NewEntry {
  readonly feedback: FeedbackRecord
  readonly raw: RawText
}

/** A tick only moves time. */
export interface JournalTick {
  readonly kind: 'tick'
  readonly offset: number
  /** Append instant (epoch ms). */
  readonly at: number
}

/** A feedback as the journal keeps it. */
export interface JournalFeedback {
  readonly kind: 'feedback'
  readonly offset: number
  readonly at: number
  readonly feedback: FeedbackRecord
  readonly raw: RawRecord
}

/** One line of the journal. */
export type JournalEntry = JournalFeedback | JournalTick

/** What `append` made of each entry, in order. */
export type Appended =
  | { readonly status: 'accepted'; readonly feedbackId: string; readonly offset: number }
  /** Seen before on (tenant, channel, sourceMessageId). `merged`: the content differed and was kept as a revision. */
  | { readonly status: 'duplicate'; readonly feedbackId: string; readonly merged: boolean }

/** One thing wrong with one field. */
export interface Problem {
  readonly field: string
  /** What stood there, at most 200 characters of it. */
  readonly value: string
  readonly reason: Localized
}

/** A payload that could not become a feedback, kept whole. */
export interface QuarantineRecord {
  readonly id: string
  readonly tenant: string
  readonly source: string
  readonly channel?: ChannelName
  readonly at: number
  readonly problems: readonly Problem[]
  readonly raw: RawRecord
  /** What the source said beside the body, so that a replay is the same request. */
  readonly envelope: JsonObject
}

export interface AppendRequest {
  /** Append instant (epoch ms); never before the journal's last. */
  readonly at: number
  readonly entries: readonly NewEntry[]
  readonly quarantined: readonly QuarantineRecord[]
}

export interface AppendPackedRequest {
  readonly at: number
  /** Handed over: its buffers are empty afterwards. */
  readonly packed: PackedEntries
  readonly quarantined: readonly QuarantineRecord[]
}

export interface Snapshot {
  readonly offset: number
  readonly state: JsonValue
}

/** Feedback counted by hour; kept for ever. */
export interface HourlyAggregate {
  /** Epoch ms / 3,600,000. */
  readonly hour: number
  readonly tenant: string
  readonly channel: string
  readonly productModel: string
  readonly faultCode: string
  readonly count: number
  readonly severitySum: number
}

export interface PageOptions {
  readonly tenant?: string
  readonly limit?: number
}

/** Which open actions a worker wants to carry out. */
export interface LeaseRequest {
  /** Every worker has a name of its own. */
  readonly owner: string
  readonly target: string
  /** Now (epoch ms): what is due later is left, and so is what another holds until later. */
  readonly at: number
  /** How long they are held (epoch ms): after that another worker may take them. */
  readonly until: number
  readonly limit: number
}

/** What may be done inside one transaction; all of it becomes durable together, or none. */
export interface StoreTransaction {
  putSignals(signals: readonly Signal[]): Promise<void>
  /**
   * Those of the ids that no action has, each once, so that they can be added without waiting. Where another transaction
   * adds one of them meanwhile, one of the two fails and can be run again.
   */
  absentActions(ids: readonly string[]): Promise<readonly string[]>
  /** Inserts; an action id that exists already is left alone. Resolves to the ids that were new. */
  addActions(actions: readonly Action[]): Promise<readonly string[]>
  /** Replaces existing actions. What was proposed stays as it was added: kind, target, params, reason, rule, quotes. */
  putActions(actions: readonly Action[]): Promise<void>
  getSignal(id: string): Promise<Signal | undefined>
  findSignals(fingerprints: readonly string[]): Promise<readonly Signal[]>
  getAction(id: string): Promise<Action | undefined>
  /**
   * Takes open actions (approved, executing, retrying, reverting) of a target that are due and that no other worker
   * holds, the lowest `rankOf` first. They are `owner`'s until `until`, or until they are put back without a lease.
   */
  leaseActions(request: LeaseRequest): Promise<readonly Action[]>
  /** Frees every lease but `owner`'s: for a store that only one process can have, when that process begins. */
  endLeases(owner: string): Promise<void>
  getBelief(tenant: string, target: string, subject: Subject): Promise<Belief | undefined>
  /** Adds, or replaces what was believed of the same subject of the same target and tenant. */
  putBeliefs(beliefs: readonly Belief[]): Promise<void>
  removeBeliefs(tenant: string, target: string, subjects: readonly Subject[]): Promise<void>
  /** Lengthens the chains of the events' tenants, in order. */
  appendAudit(events: readonly AuditEvent[]): Promise<void>
  /** A small value under a name of Andon's own, e.g. its silences. */
  keep(name: string, value: JsonObject): Promise<void>
  kept(name: string): Promise<JsonObject | undefined>
  setCheckpoint(stage: string, offset: number): Promise<void>
  putSnapshot(stage: string, snapshot: Snapshot): Promise<void>
  /** Adds to what is there for the same hour and key. */
  addAggregates(aggregates: readonly HourlyAggregate[]): Promise<void>
  /** Remembers where a source goes on. */
  setPosition(source: string, position: JsonObject): Promise<void>
  removeQuarantined(id: string): Promise<void>
}

/**
 * Durable memory. Every write is on disk when its promise resolves; concurrent transactions
 * are serialised and may share one commit.
 */
export interface Store extends Plugin {
  open(): Promise<void>
  close(): Promise<void>
  check(): Promise<{ readonly ok: boolean; readonly detail?: string }>
  readonly journal: {
    /** Deduplicates, then appends. Resolves in the order of the calls. */
    append(request: AppendRequest): Promise<readonly Appended[]>
    /** The same for entries that are packed already: a store that writes bytes need not see objects. */
    appendPacked?(request: AppendPackedRequest): Promise<readonly Appended[]>
    appendTick(at: number): Promise<number>
    /** Entries from `offset` on, oldest first, about `limit` of them; empty at the end. */
    read(offset: number, limit: number): Promise<readonly JournalEntry[]>
    /** Offset and instant of the last entry; offset 0 when there is none. Offsets begin at 1. */
    last(): Promise<{ readonly offset: number; readonly at: number }>
    /** Forgets entries older than `before` (epoch ms), never one at or after `keepFrom`; returns how many. */
    trim(before: number, keepFrom: number): Promise<number>
    /** By feedback id, while it is kept. */
    find(feedbackId: string): Promise<JournalFeedback | undefined>
  }
  transaction<T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T>
  readonly signals: {
    get(id: string): Promise<Signal | undefined>
    list(options?: PageOptions & { readonly status?: readonly SignalStatus[] }): Promise<readonly Signal[]>
  }
  readonly actions: {
    get(id: string): Promise<Action | undefined>
    /** Most urgent first: priority, then age. */
    list(
      options?: PageOptions & { readonly status?: readonly ActionStatus[]; readonly signalId?: string },
    ): Promise<readonly Action[]>
    /** Those whose `wakeAt` is at or before `before` (epoch ms), the earliest first. */
    due(before: number, limit: number): Promise<readonly Action[]>
    /** When there is next something to do: the earliest `wakeAt`, or the earliest `dueAt` after `after` of an open one. */
    nextDue(after: number): Promise<number | undefined>
    /** How many open actions each target has, held or not; a target without any is left out. */
    open(): Promise<Readonly<Record<string, number>>>
  }
  readonly beliefs: {
    /** Page by page, in an order of its own; `after` is the `next` of the page before. */
    list(options: {
      readonly target: string
      readonly tenant?: string
      readonly after?: string
      readonly limit: number
    }): Promise<{ readonly beliefs: readonly Belief[]; readonly next?: string }>
  }
  readonly audit: {
    /** Lines of one tenant from number `from` on; empty at the end. */
    read(tenant: string, from: number, limit: number): Promise<readonly AuditLine[]>
    /** The end of every chain, by tenant. */
    heads(): Promise<readonly AuditHead[]>
  }
  readonly quarantine: {
    get(id: string): Promise<QuarantineRecord | undefined>
    list(options?: PageOptions): Promise<readonly QuarantineRecord[]>
  }
  /** Present when several processes can work on the store at once. */
  readonly shared?: SharedStore
  checkpoint(stage: string): Promise<number>
  snapshot(stage: string): Promise<Snapshot | undefined>
  position(source: string): Promise<JsonObject | undefined>
  kept(name: string): Promise<JsonObject | undefined>
  aggregates(options?: {
    readonly tenant?: string
    readonly fromHour?: number
    readonly toHour?: number
  }): Promise<readonly HourlyAggregate[]>
}
