export type {
  Action,
  ActionStatus,
  DecisionRecord,
  EffectTest,
  Lease,
  Quote,
  Reversal,
  Review,
  Signature,
  SignatureNeed,
  Stop,
} from '../action/action.js'
export type { ActionKind } from '../action/kinds/kind.js'
export { actionKinds } from '../action/kinds/kinds.js'
export { openStatuses } from '../action/life.js'
export { rankOf } from '../action/rank.js'
export { parseSpan } from '../action/span.js'
export { auditLine, firstHash } from '../audit/chain.js'
export {
  type Channel,
  ChannelError,
  type ChannelOrigin,
  type DecodedPayload,
  isChannelError,
  type RawPayload,
} from '../channel/index.js'
export { hourlyCounts } from '../engine/stream/hourly-counter.js'
export { type CountKey, countKeyOf } from '../engine/stream/prepared.js'
export type { JsonArray, JsonObject, JsonValue } from '../json.js'
export { parseOptions } from '../options.js'
export type { Signal, SignalStatus, Verification } from '../signal/signal.js'
export type { DroppedTrial, JudgedTrial, PendingTrial, Trial } from '../signal/trial.js'
export { actionOf, proposalOf, stateOf } from '../store/action-row.js'
export {
  codecs,
  decodeSegment,
  encodeSegment,
  entriesPerSegment,
  type ReadEntry,
  type Segment,
  type WrittenEntry,
} from '../store/segment.js'
export type { Locale, Localized } from '../text.js'
export type { AuditEvent, AuditHead, AuditLine } from './audit.js'
export type { Belief } from './belief.js'
export type { Bus, ConsumeOptions, Message } from './bus.js'
export { type Clock, systemClock } from './clock.js'
export { type CloudEvent, cloudEventType } from './cloud-event.js'
export type { Detector, Finding } from './detector.js'
export type { TraceAnswer, TracedBatch, TracedUnit, TraceQuestion } from './genealogy.js'
export type { Judge, JudgeQuestion, Reading, Series, Verdict, VerdictName } from './judge.js'
export { type Logger, silentLogger } from './logger.js'
export type { MetricScope, MetricSource } from './metric-source.js'
export { EntryPacker, type PackedEntries, unpackEntries } from './packed-entries.js'
export {
  isPartitioned,
  type LoggedMessage,
  type Partition,
  type PartitionedBus,
  type PartitionsOptions,
  type TopicNeed,
} from './partitioned-bus.js'
export type { Batch, Health, Plugin, Position } from './plugin.js'
export type { Recognizer, Transcript } from './recognizer.js'
export { createRedactor, type Redactor, type SecretUse } from './redactor.js'
export type {
  Claim,
  ClaimRequest,
  LaneAppended,
  LaneAppendRequest,
  LaneItem,
  LaneJournal,
  LaneOptions,
  SharedStore,
} from './shared-store.js'
export type { Sink } from './sink.js'
export type { ReceiveContext, Source } from './source.js'
export type {
  Appended,
  AppendPackedRequest,
  AppendRequest,
  HourlyAggregate,
  JournalEntry,
  JournalFeedback,
  JournalTick,
  LeaseRequest,
  NewEntry,
  PageOptions,
  Problem,
  QuarantineRecord,
  Snapshot,
  Store,
  StoreTransaction,
} from './store.js'
export { type Observation, type Subject, type SubjectState, subjectKey } from './subject.js'
export type { CallContext, ExecuteContext, Receipt, Target } from './target.js'
