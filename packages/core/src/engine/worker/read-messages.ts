import type { LoggedMessage } from '../../connector/partitioned-bus.js'
import type { LaneItem } from '../../connector/shared-store.js'
import type { NewEntry, QuarantineRecord } from '../../connector/store.js'
import { cut, maxShownLength } from '../../feedback/problem.js'
import { rawTextOf, sealed } from '../../feedback/raw.js'
import { feedbackRecordSchema, schemaVersion } from '../../feedback/schema.js'
import { stableId } from '../../ids.js'
import type { Localized } from '../../text.js'
import { instantOf, kindHeader } from './stream-message.js'

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
    const read = entryOf(from.body)
    if ('entry' in read) return { kind: 'feedback', position, at, entry: read.entry }
    quarantined.push(quarantineRecord(from, read.reason, read.field, { tenant, lane, now }))
    return { kind: 'unreadable', position, at }
  })
  return { items, quarantined }
}

type ReadEntry = { readonly entry: NewEntry } | { readonly reason: Localized; readonly field: string }

/** @throws nothing: what is wrong is said in the answer */
export function entryOf(body: Uint8Array): ReadEntry {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'))
  } catch {
    return { field: 'body', reason: { en: 'the message is not JSON', zh: '消息不是 JSON' } }
  }
  const { feedback, raw } = membersOf(value)
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
  const { payload, encoding } = membersOf(raw)
  if (typeof payload !== 'string' || (encoding !== 'text' && encoding !== 'base64')) {
    const reason = { en: 'the raw payload is missing', zh: '缺少原始报文' }
    return { field: 'raw', reason }
  }
  return { entry: { feedback: record.data, raw: { payload, encoding } } }
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
