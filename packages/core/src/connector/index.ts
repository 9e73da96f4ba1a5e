export type { Action, ActionStatus, Quote, Signature } from '../action/action.js'
export {
  type Channel,
  ChannelError,
  type ChannelOrigin,
  type DecodedPayload,
  isChannelError,
  type RawPayload,
} from '../channel/index.js'
export type { JsonArray, JsonObject, JsonValue } from '../json.js'
export type { Signal, SignalStatus, Verification } from '../signal/signal.js'
export type { Locale, Localized } from '../text.js'
export type { Bus, ConsumeOptions, Message } from './bus.js'
export { type Clock, systemClock } from './clock.js'
export type { Detector, Finding } from './detector.js'
export { type Logger, silentLogger } from './logger.js'
export { EntryPacker, type PackedEntries, unpackEntries } from './packed-entries.js'
export type { Batch, Health, Plugin, Position } from './plugin.js'
export type { Recognizer, Transcript } from './recognizer.js'
export type { ReceiveContext, Source } from './source.js'
export type {
  Appended,
  AppendPackedRequest,
  AppendRequest,
  HourlyAggregate,
  JournalEntry,
  JournalFeedback,
  JournalTick,
  NewEntry,
  PageOptions,
  Problem,
  QuarantineRecord,
  Snapshot,
  Store,
  StoreTransaction,
} from './store.js'
export type { ExecuteContext, Receipt, Target } from './target.js'
