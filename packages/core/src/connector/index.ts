export type { Action, ActionStatus, Quote, Signature } from '../action/action.js'
export {
  type Channel,
  ChannelError,
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
export type { Batch, Health, Plugin, Position } from './plugin.js'
export type { Recognizer, Transcript } from './recognizer.js'
export type { ReceiveContext, Source } from './source.js'
export type {
  Appended,
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
  StreamEntry,
} from './store.js'
export type { ExecuteContext, Receipt, Target } from './target.js'
