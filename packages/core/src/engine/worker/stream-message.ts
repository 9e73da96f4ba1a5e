import type { Message } from '../../connector/bus.js'
import type { NewEntry } from '../../connector/store.js'

/** When intake took it in (epoch ms). */
const instantHeader = 'andon-at'
export const kindHeader = 'andon-kind'
/** How many bytes of the body are the record; the payload follows. */
export const recordHeader = 'andon-record'
/** `base64` where the payload is bytes that are no text. */
export const encodingHeader = 'andon-encoding'

/**
 * Feedback of one tenant and model meets in one partition. Two different pairs may share a key and lose nothing by it.
 */
export const partitionKeyOf = (tenant: string, productModel: string): string => `${tenant}/${productModel}`

/** A feedback on its way onto the stream. */
export interface Framed {
  readonly id: string
  readonly key: string
  /** When intake took it in (epoch ms). */
  readonly at: number
  /** The record as JSON, then the payload as it came, both in UTF-8: neither is written anew on its way. */
  readonly body: Uint8Array
  readonly recordBytes: number
  readonly isBase64: boolean
  readonly traceparent: string | undefined
}

export function streamMessage(framed: Framed): Message {
  const { id, key, at, body, recordBytes, isBase64, traceparent } = framed
  const headers: Record<string, string> = {
    [instantHeader]: String(at),
    [recordHeader]: String(recordBytes),
  }
  if (isBase64) headers[encodingHeader] = 'base64'
  if (traceparent !== undefined) headers.traceparent = traceparent
  return { id, key, body, headers }
}

/** @param at when intake took it in (epoch ms) */
export function feedbackMessage({ feedback, raw }: NewEntry, at: number, key: string): Message {
  const record = Buffer.from(JSON.stringify(feedback))
  return streamMessage({
    ...{ id: feedback.feedbackId, key, at, recordBytes: record.length },
    body: Buffer.concat([record, Buffer.from(raw.payload)]),
    isBase64: raw.encoding === 'base64',
    traceparent: feedback.traceparent,
  })
}

/**
 * When intake took a message in (epoch ms), as it says itself: a whole number, and not after `now`, for a producer whose
 * clock runs ahead must not carry its partition into the future.
 *
 * @param otherwise where it says nothing that could be an instant
 */
export function instantOf({ headers = {} }: Message, otherwise: number, now: number): number {
  const said = headers[instantHeader]
  const at = said === undefined || !/^\d{1,15}$/.test(said) ? otherwise : Number(said)
  return Math.min(at, now)
}

/** Moves the time of its partition, and nothing else. */
export function tickMessage(id: string, at: number): Message {
  return {
    id,
    key: '',
    body: new Uint8Array(),
    headers: { [instantHeader]: String(at), [kindHeader]: 'tick' },
  }
}
