import type { FeedbackDraft } from '../feedback/draft.js'
import type { ChannelName } from '../feedback/schema.js'
import type { DecodedPayload } from './payload.js'

/** A set of channels by name: importing `module` and calling `export(options)` makes the same set again. */
export interface ChannelOrigin {
  /** URL of the module. */
  readonly module: string
  readonly export: string
  /** Plain data. */
  readonly options: unknown
}

/**
 * A channel parser turns one raw payload into feedback drafts. Pure: no I/O, no clock, no memory.
 * `detect` is cheap and exact: of all standard channels exactly one says yes to a real payload.
 * `parse` throws a {@link ChannelError} that names the field when the payload is of this channel but cannot be read.
 */
export interface Channel {
  /** Where the set that it belongs to can be made again, so that reading may run on other threads. */
  readonly origin?: ChannelOrigin
  readonly contract: 1
  readonly name: ChannelName
  detect(payload: DecodedPayload): boolean
  /** Usually one draft; several where a platform delivers lists (Weibo comments). Asynchronous only where a parser needs it (MIME). */
  parse(payload: DecodedPayload): readonly FeedbackDraft[] | Promise<readonly FeedbackDraft[]>
}
