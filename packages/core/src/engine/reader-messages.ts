import type { ChannelOrigin } from '../channel/channel.js'
import type { RawPayload } from '../channel/payload.js'
import type { ReadContext } from '../channel/read.js'
import type { Selector } from '../rule/runtime/matcher.js'
import type { ReadBatch } from './read-batch.js'

/** What a reader thread is started with. */
export interface ReaderSetup {
  readonly origin: ChannelOrigin
  /** The names that the origin must give, in order. */
  readonly channels: readonly string[]
  readonly selectors: readonly Selector[]
}

export interface ReaderRequest {
  readonly id: number
  readonly payloads: readonly RawPayload[]
  readonly context: ReadContext
}

/** Other rules from now on. */
export interface ReaderSelectors {
  readonly selectors: readonly Selector[]
}

export type ReaderReply =
  | { readonly id: number; readonly batch: ReadBatch }
  | { readonly id: number; readonly problem: string }
