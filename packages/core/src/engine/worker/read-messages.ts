import type { LoggedMessage } from '../../connector/partitioned-bus.js'
import type { LaneItem } from '../../connector/shared-store.js'
import type { QuarantineRecord } from '../../connector/store.js'
import { cut, maxShownLength } from '../../feedback/problem.js'
import { rawTextOf, sealed } from '../../feedback/raw.js'
import { feedbackRecordSchema, schemaVersion } from '../../feedback/schema.js'
import { stableId } from '../../ids.js'
import type { Localized } from '../../text.js'
import { encodingHeader, instantOf, kindHeader, recordHeader } from './stream-message.js'

/** A partition's messages, ready for its lane. */
export interface ReadMessages {
  readonly items: readonly LaneItem[]
  /** For those that cannot be read, in their order. */
  readonly quarantined: readonly QuarantineRecord[]
}

export interface ReadMessagesOptions {
  /** Whose quarantine takes what names no tenant. */
  readonly tenant: string
  /** Where the messages come from, e.g. `feedback.appliance/3`. */
  readonly lane: string
  /** No entry's instant lies after it: a producer whose clock runs ahead must not carry the lane into the future. */
  readonly now: number
}

/** Reads messages as the stream carries them. Whatever cannot be read becomes a quarantine record with the reason. */
export function readMessages(
  messages: readonly LoggedMessage[],
  { tenant, lane, now }: ReadMessagesOptions,
): ReadMessages {
  const quarantined: QuarantineRecord[] = []
  const items = messages.map((from): LaneItem => {
    const { position, headers = {} } = from
    const at = instantOf(from, from.at, now)
    if (headers[kindHeader] === 'tick') return { kind: 'tick', position, at }
    const read = entryOf(from)
    if ('entry' in read) return { kind: 'feedback', position, at, ...read }
    quarantined.push(quarantineRecord(from, read.reason, read.field, { tenant, lane, now }))
    return { kind: 'unreadable', position, at }
  })
  return { items, quarantined }
}

type ReadEntry =
  | Pick<FeedbackItem, 'entry' | 'bytes'>
  | { readonly reason: Localized; readonly field: string }
type FeedbackItem = Extract<LaneItem, { kind: 'feedback' }>

type StreamMessage = Pick<LoggedMessage, 'body' | 'headers'>

/** Where the record ends in the body; undefined when the message does not say. */
function recordEnd({ body, headers = {} }: StreamMessage): number | undefined {
  const end = Number(headers[recordHeader] ?? Number.NaN)
  return Number.isSafeInteger(end) && end >= 1 && end <= body.length ? end : undefined
}

/** A message with another record; its payload stays. Of one that does not say where that begins, all of it is. */
export function corrected(message: StreamMessage, record: string): StreamMessage {
  const bytes = Buffer.from(record)
  const payload = message.body.subarray(recordEnd(message) ?? 0)
  const headers = { ...message.headers, [recordHeader]: String(bytes.length) }
  return { body: Buffer.concat([bytes, payload]), headers }
}

/** @throws nothing: what is wrong is said in the answer */
export function entryOf(message: StreamMessage): ReadEntry {
  const { body, headers = {} } = message
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const end = recordEnd(message)
  if (end === undefined) {
    const en = `no message of the feedback stream: the header ${recordHeader} does not say where the record ends`
    return {
      field: 'headers',
      reason: { en, zh: `不是反馈流的消息：消息头 ${recordHeader} 未指明记录的结尾` },
    }
  }
  let feedback: unknown
  try {
    feedback = JSON.parse(bytes.toString('utf8', 0, end))
  } catch {
    return { field: 'body', reason: { en: 'the record is not JSON', zh: '记录不是 JSON' } }
  }
  const version = membersOf(feedback).schemaVersion
  if (typeof version === 'number' && version !== schemaVersion) {
    return {
      field: 'schemaVersion',
      reason: {
        en: `schema version ${version} is not known here, only ${schemaVersion}: update this worker`,
        zh: `此处只认识模式版本 ${schemaVersion}，不认识 ${version}：请升级该工作进程`,
      },
    }
  }
  const record = feedbackRecordSchema.safeParse(feedback)
  if (!record.success) {
    const { path = [], message: problem = '' } = record.error.issues[0] ?? {}
    const field = path.length === 0 ? 'feedback' : path.join('.')
    return { field, reason: { en: `not a feedback: ${problem}`, zh: `不是反馈记录：${problem}` } }
  }
  const raw = {
    payload: bytes.toString('utf8', end),
    encoding: headers[encodingHeader] === 'base64' ? ('base64' as const) : ('text' as const),
  }
  return {
    entry: { feedback: record.data, raw },
    bytes: { record: bytes.subarray(0, end), payload: bytes.subarray(end) },
  }
}

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}

function quarantineRecord(
  { id, key, position, body, headers = {} }: LoggedMessage,
  reason: Localized,
  field: string,
  { tenant, lane, now }: ReadMessagesOptions,
): QuarantineRecord {
  const raw = sealed(rawTextOf(body))
  return {
    id: stableId('q', tenant, lane, position),
    tenant,
    source: lane,
    at: now,
    problems: [{ field, value: cut(raw.payload, maxShownLength), reason }],
    raw,
    envelope: { message: id, key, position, headers: { ...headers } },
  }
}
