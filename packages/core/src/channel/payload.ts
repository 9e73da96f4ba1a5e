import type { ChannelName } from '../feedback/schema.js'

/** One message as a source brings it, before anyone has looked inside. */
export interface RawPayload {
  /** Text, bytes, or an already parsed JSON object. */
  readonly body: string | Uint8Array | Readonly<Record<string, unknown>>
  /** Which parser must read it; without it the channel is detected. */
  readonly channel?: ChannelName
  /** The connector instance, e.g. `salesforce-eu`; `ingest` is the default. */
  readonly source?: string
  readonly tenant?: string
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
  /** When the source got it, if the payload does not say. */
  readonly receivedAt?: string | number | Date
  readonly traceparent?: string
}

/** A payload made readable once, for every parser to look at. */
export interface DecodedPayload {
  /** The verbatim text; invalid UTF-8 never comes this far. */
  readonly text: string
  /** The parsed JSON when the text is a JSON object or array, with prototype-polluting keys removed. */
  readonly json?: Readonly<Record<string, unknown>> | readonly unknown[]
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly receivedAt?: string | number | Date
}
