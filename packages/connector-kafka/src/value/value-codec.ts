import type { JsonValue } from '@andon/core/connector'

/** A value as text that a channel parser can read. */
export interface DecodedValue {
  /** JSON, or whatever text the value is. */
  readonly text: string
  /** Which schema it was written with; absent where there is none. */
  readonly schema?: string
}

/**
 * How values lie in a topic. A codec that has to look something up first answers with a promise, and without one when it
 * knows: most values cost no turn of the event loop.
 */
export interface ValueCodec {
  /** The media type of what `encode` makes. */
  readonly contentType: string
  /**
   * @throws for what can never be read: it is quarantined as it is. An AndonError that is `retryable` means that it can be
   * read later, for instance when a registry is back.
   */
  decode(value: Uint8Array): DecodedValue | Promise<DecodedValue>
  /** @throws when the value does not fit the schema */
  encode(value: JsonValue): Uint8Array | Promise<Uint8Array>
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Values are JSON texts. */
export const jsonCodec: ValueCodec = {
  contentType: 'application/json',
  decode: (value) => ({ text: decoder.decode(value) }),
  encode: (value) => Buffer.from(JSON.stringify(value)),
}
