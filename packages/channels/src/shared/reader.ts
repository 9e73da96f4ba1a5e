import { ChannelError } from '@andon/core/connector'

/** Readers for vendors' JSON: a handful of property checks per field, because parsers stand on the hot path. */
export type JsonRecord = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function missing(field: string): ChannelError {
  return new ChannelError(field, undefined, { en: 'is missing or empty', zh: '缺失或为空' })
}

export function wrong(field: string, value: unknown, en: string, zh: string): ChannelError {
  return new ChannelError(field, value, { en, zh })
}

/** The trimmed text of a field; a number is spelled out. Undefined for anything else, and for blanks. */
export function textOf(record: JsonRecord, key: string): string | undefined {
  const value = record[key]
  if (typeof value === 'string') return value.trim() || undefined
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined
}

/** The first of several spellings that holds text. */
export function firstText(record: JsonRecord, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const text = textOf(record, key)
    if (text !== undefined) return text
  }
  return undefined
}

/** @throws ChannelError when the field is absent, blank, or neither text nor number. */
export function requiredText(record: JsonRecord, key: string, path = ''): string {
  const text = textOf(record, key)
  if (text !== undefined) return text
  const value = record[key]
  if (value === undefined || value === null || typeof value === 'string') throw missing(path + key)
  throw wrong(path + key, value, 'is not text', '不是文本')
}

/**
 * A platform's id as text of at most 480 characters, so that a suffix still fits into `sourceMessageId`.
 * @throws ChannelError also for a number that JSON has already rounded: two messages could share it.
 */
export function requiredId(record: JsonRecord, key: string, path = ''): string {
  const id = requiredText(record, key, path)
  if (typeof record[key] === 'number' && !Number.isSafeInteger(record[key])) {
    throw wrong(
      path + key,
      id,
      'is a number too long to be exact in JSON; send it as text',
      '数字过长，JSON 无法精确表示，请以文本传递',
    )
  }
  if (id.length > 480)
    throw wrong(path + key, id.slice(0, 80), 'is longer than 480 characters', '超过 480 个字符')
  return id
}

/** A finite number, also when it is spelled as text. */
export function numberOf(record: JsonRecord, key: string): number | undefined {
  const value = record[key]
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

export function recordOf(record: JsonRecord, key: string): JsonRecord | undefined {
  const value = record[key]
  return isRecord(value) ? value : undefined
}

export function listOf(record: JsonRecord, key: string): readonly unknown[] | undefined {
  const value = record[key]
  return Array.isArray(value) ? value : undefined
}

/** @throws ChannelError when the element is not an object. */
export function requiredRecord(value: unknown, path: string): JsonRecord {
  if (isRecord(value)) return value
  throw wrong(path, value, 'is not an object', '不是对象')
}
