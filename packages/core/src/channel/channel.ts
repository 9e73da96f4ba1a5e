import type { FeedbackDraft } from '../feedback/draft.js'
import type { ChannelName } from '../feedback/schema.js'
import type { DecodedPayload } from './payload.js'

/**
 * A channel parser turns one raw payload into feedback drafts. Pure: no I/O, no clock, no memory.
 * `detect` is cheap and exact: of all standard channels exactly one says yes to a real payload.
 * `parse` throws a {@link ChannelError} that names the field when the payload is of this channel but cannot be read.
 */
export interface Channel {
  readonly contract: 1
  readonly name: ChannelName
  detect(payload: DecodedPayload): boolean
  /** Usually one draft; several where a platform delivers lists (Weibo comments). Asynchronous only where a parser needs it (MIME). */
  parse(payload: DecodedPayload): readonly FeedbackDraft[] | Promise<readonly FeedbackDraft[]>
}
