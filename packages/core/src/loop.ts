import type { EventEmitter } from 'eventemitter3'
import type { AuditDesk } from './audit/audit-desk.js'
import type { RawPayload } from './channel/payload.js'
import type { JournalFeedback, Store } from './connector/store.js'
import type { ActionDesk } from './engine/action-desk.js'
import type { AndonEvents } from './engine/events.js'
import type { AndonHealth } from './engine/health.js'
import type { IngestResult } from './engine/intake.js'
import type { PhaseDesk } from './engine/phase-desk.js'
import type { QuarantineDesk } from './engine/quarantine-desk.js'
import type { ReconcileOptions, Reconciliation } from './engine/reconcile/result.js'
import type { RuleDesk } from './engine/rule-desk.js'
import type { SignalDesk } from './engine/signal-desk.js'
import type { SilenceDesk } from './engine/silence-desk.js'
import type { TraceDesk } from './engine/trace/trace-desk.js'

/** A running loop from customer feedback to production and back. */
export interface Andon {
  /** Opens the store, takes up what an earlier run left, starts the sources. */
  start(): Promise<void>
  /**
   * Durable when it resolves; one result per feedback, in order. A worker calls accepted what it has put on the bus: a
   * feedback that is known already is left out later, when its partition is read.
   */
  ingest(payloads: readonly RawPayload[] | RawPayload): Promise<readonly IngestResult[]>
  /**
   * What happens in this process. Of several workers each tells what it did itself: `feedback` whoever took it in,
   * `signal` whoever found or judged it, `action` whoever proposed it or carries it out. A sink tells everything, once.
   */
  on<E extends keyof AndonEvents>(event: E, listener: EventEmitter.EventListener<AndonEvents, E>): () => void
  readonly signals: SignalDesk
  readonly actions: ActionDesk
  readonly phases: PhaseDesk
  readonly rules: RuleDesk
  readonly silences: SilenceDesk
  readonly trace: TraceDesk
  readonly quarantine: QuarantineDesk
  readonly audit: AuditDesk
  /** The feedback with that id and its raw payload, while it is kept. */
  feedback(id: string): Promise<JournalFeedback | undefined>
  /** Feedback per hour; kept for ever. */
  hourly: Store['aggregates']
  /**
   * Resolves when everything ingested so far has been analysed and every action it led to has been tried. Of a worker:
   * what it has taken in is on the bus, what it has read of its partitions is analysed, and the actions of its targets
   * are tried; what other workers have to do, it does not wait for.
   */
  settled(): Promise<void>
  /**
   * Compares what we believe of the plant with what the targets say. Changes nothing in the plant; with `propose`,
   * repairs wait for a person's approval.
   *
   * @throws AndonError NOT_STARTED, OPTIONS_INVALID, NOT_FOUND for an unknown target, STORE_FAILED, ABORTED by `close()`
   */
  reconcile(options?: ReconcileOptions): Promise<Reconciliation>
  health(): Promise<AndonHealth>
  /** Drains, saves, closes; may be called twice. */
  close(): Promise<void>
}
