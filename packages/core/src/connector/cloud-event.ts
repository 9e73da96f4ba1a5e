import type { JsonObject } from '../json.js'

/**
 * What happened, for whoever wants to know: CloudEvents 1.0 with JSON data. `source` and `id` together name it once and
 * for ever, so a reader that has seen them has seen the event. Extension attributes: those below `data`.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
export interface CloudEvent {
  readonly specversion: '1.0'
  /** The same however often it is published: the hash of its line in the audit log. */
  readonly id: string
  /** URI reference, e.g. `/andon/default`: whose it is. */
  readonly source: string
  /** e.g. `io.andon.signal.opened`, `io.andon.action.succeeded`. */
  readonly type: string
  /** The id of the action or the signal that it is about; absent where it is about neither. */
  readonly subject?: string
  /** RFC 3339. */
  readonly time: string
  readonly datacontenttype: 'application/json'
  /** Texts for people are `{ en, zh }`. */
  readonly data: JsonObject
  readonly tenant: string
  /** Events of one key keep their order: the signal that they belong to, whatever its actions. */
  readonly partitionkey: string
  /** Grows within a source and sorts as text. */
  readonly sequence: string
  /** W3C trace context of the feedback that led to it. */
  readonly traceparent?: string
}

/** The media type of one event in structured mode: the whole of it as one JSON object. */
export const cloudEventType = 'application/cloudevents+json; charset=utf-8'
