import type { Detector } from '../../connector/detector.js'
import type {
  Appended,
  AppendPackedRequest,
  AppendRequest,
  QuarantineRecord,
  Store,
} from '../../connector/store.js'
import type { Rule } from '../../rule/ast.js'
import type { RuleMatcher } from '../../rule/runtime/matcher.js'
import type { RuleChange } from '../../rule/runtime/rule-change.js'
import type { RuleLosses } from '../../rule/runtime/rule-engine.js'
import type { Warning } from '../events.js'
import type { Intake } from '../intake.js'
import type { HeldPartition } from '../worker/partition-stream.js'
import type { AnalysisOptions } from './analysis.js'
import type { CountKey, PreparedEntry } from './prepared.js'

/** What a stream analyses feedback with. */
export interface StreamOptions
  extends Pick<
    AnalysisOptions,
    'propose' | 'silences' | 'headStart' | 'effects' | 'failed' | 'worked' | 'pause' | 'snapshotEvery'
  > {
  readonly store: Store
  readonly rules: readonly Rule[]
  readonly detectors: readonly Detector[]
  readonly maxGroups: number
  readonly maxEntriesPerGroup: number
  readonly warn: (warning: Warning) => void
}

/** What became of a feedback on its way into the stream. */
export type Taken =
  | Appended
  /** Nothing can carry it, however often it is tried: it is in quarantine. */
  | { readonly status: 'refused'; readonly record: QuarantineRecord }

/** Where intake writes; durable when it resolves. */
export interface StreamJournal {
  append(request: AppendRequest): Promise<readonly Taken[]>
  appendPacked?(request: AppendIntake): Promise<readonly Taken[]>
}

/** Entries of a batch, and what is known of each without unpacking it. */
export interface AppendIntake extends AppendPackedRequest {
  readonly about: (index: number) => CountKey | undefined
}

/** How feedback gets from intake to analysis: over the journal of one store, or over a bus that workers share. */
export interface FeedbackStream {
  /** Where intake writes. */
  readonly journal: StreamJournal
  /** So long after a batch few payloads wait for company before they are written (ms); absent: not at all. */
  readonly gatherMs?: number
  /** Which rules want to know of a feedback as it comes in. */
  readonly matcher: RuleMatcher
  /** Takes up what an earlier run left. */
  open(intake: Intake): Promise<void>
  /** What intake has written, in order. */
  accepted(entries: readonly PreparedEntry[]): void
  /** Resolves when everything that has come in so far has been looked at. */
  settle(): Promise<void>
  /** The same, and its counts are on disk; false when the end came before. */
  counted(): Promise<boolean>
  /** Time alone may have something to do. */
  tick(): Promise<void>
  /** Forgets what is older than `before` (epoch ms) and no replay will need. */
  trim(before: number): Promise<void>
  /** Saves state soon, so that a crash costs little. */
  save(): void
  /** Looks at everything there is and stops. */
  finish(): Promise<void>
  /** Saves state and checkpoint, so that the next start has nothing to replay. */
  snapshot(): Promise<void>
  /** Entries that have not been looked at. */
  lag(): Promise<number>
  /** The partitions that this process has now; absent where there are none. */
  readonly partitions?: readonly HeldPartition[]
  readonly rules: readonly Rule[]
  losses(): Readonly<Record<string, RuleLosses>>
  /** Changes the rules between two entries. */
  change<T>(work: (rules: ChangeableRules) => T): Promise<T>
}

/** Rules while nothing is being looked at. */
export interface ChangeableRules {
  readonly rules: readonly Rule[]
  put(rule: Rule): RuleChange
  remove(name: string): boolean
}
