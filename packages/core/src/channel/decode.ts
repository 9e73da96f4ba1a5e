import { Buffer } from 'node:buffer'
import type { Problem } from '../connector/store.js'
import { maxShownLength, problem } from '../feedback/problem.js'
import { jsonTextOf, rawTextOf } from '../feedback/raw.js'
import type { RawText } from '../feedback/schema.js'
import type { Localized } from '../text.js'
import { nestsDeeper, removePrototypeKeys } from './json-guard.js'
import { jsonErrorPosition } from './json-position.js'
import type { DecodedPayload, RawPayload } from './payload.js'

export interface DecodeLimits {
  /** Longest body in bytes of UTF-8; 1 MiB when absent. */
  readonly maxBytes?: number
  /** How many objects and arrays may stand inside one another, 1 to 1,000; 64 when absent. */
  readonly maxDepth?: number
}

export type Decoded =
  | { readonly ok: true; readonly payload: DecodedPayload; readonly raw: RawText }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly raw: RawText }

const defaultMaxBytes = 1024 * 1024
const defaultMaxDepth = 64
/** The prototype-key walk recurses, so even a host that wants it deeper gets no deeper. */
const hardMaxDepth = 1000

const empty: Localized = { en: 'is empty', zh: '为空' }
const tooLarge: Localized = { en: 'is larger than {limit} bytes', zh: '超过 {limit} 字节' }
const notUtf8: Localized = { en: 'is not valid UTF-8', zh: '不是有效的 UTF-8' }
const tooDeep: Localized = { en: 'nests deeper than {limit} levels', zh: '嵌套超过 {limit} 层' }
const notPlain: Localized = {
  en: 'is an object that cannot be written as JSON',
  zh: '是无法写成 JSON 的对象',
}
const notJson: Localized = {
  en: 'is not JSON: line {line}, column {column} cannot be read',
  zh: '不是 JSON：第 {line} 行第 {column} 列无法读取',
}
const wrongBody: Localized = {
  en: 'is neither text nor bytes nor an object',
  zh: '既不是文本、字节，也不是对象',
}

/**
 * Makes a payload readable, once, for every parser; keeps it verbatim whatever happens. Never throws.
 *
 * A text that begins like JSON, or is declared as JSON, must be JSON; other texts (MIME, XML, plain) are left to
 * the parsers. Prototype-polluting names are removed from `json`; `raw` still has them.
 */
export function decodePayload(raw: RawPayload, limits: DecodeLimits = {}): Decoded {
  const body: unknown = raw.body
  const isObject = typeof body === 'object' && body !== null && !(body instanceof Uint8Array)
  if (isObject) {
    const text = jsonTextOf(body)
    // A function or `undefined` from toJSON, a cycle, a bigint, or deeper than the stack.
    if (text === undefined) return refused(rawTextOf(body), problem('body', '', notPlain))
    return decodeText(raw, text, rawTextOf(text), limits)
  }
  if (typeof body !== 'string' && !(body instanceof Uint8Array))
    return refused(rawTextOf(body), problem('body', body, wrongBody))
  const record = rawTextOf(body)
  if (record.encoding === 'base64') {
    const size = problemOfSize(byteLength(record), limits)
    return refused(record, size ?? problem('body', record.payload, notUtf8))
  }
  return decodeText(raw, record.payload, record, limits)
}

const refused = (raw: RawText, ...problems: readonly Problem[]): Decoded => ({ ok: false, raw, problems })

const byteLength = (record: RawText): number =>
  Buffer.byteLength(record.payload, record.encoding === 'text' ? 'utf8' : 'base64')

function problemOfSize(bytes: number, limits: DecodeLimits): Problem | undefined {
  const limit = limits.maxBytes ?? defaultMaxBytes
  return bytes > limit ? problem('body', `${bytes} bytes`, tooLarge, { limit }) : undefined
}

function decodeText(raw: RawPayload, verbatim: string, record: RawText, limits: DecodeLimits): Decoded {
  const maxBytes = limits.maxBytes ?? defaultMaxBytes
  // A UTF-16 unit is one to three bytes: most texts need no counting.
  if (verbatim.length * 3 > maxBytes) {
    const size = problemOfSize(Buffer.byteLength(verbatim), limits)
    if (size !== undefined) return refused(record, size)
  }
  // The byte order mark says how the text was written; it is not part of it.
  const text = verbatim.charCodeAt(0) === 0xfeff ? verbatim.slice(1) : verbatim
  const first = firstCharacter(text)
  if (first === undefined) return refused(record, problem('body', verbatim, empty))
  const declared = raw.contentType?.toLowerCase() ?? ''
  const isJson = first === '{' || first === '[' || declared.includes('json')
  if (!isJson) return { ok: true, payload: payloadOf(raw, text), raw: record }

  const maxDepth = Math.min(limits.maxDepth ?? defaultMaxDepth, hardMaxDepth)
  if (nestsDeeper(text, maxDepth)) {
    const told = isOtherText(declared) ? undefined : problem('body', text, tooDeep, { limit: maxDepth })
    return told === undefined
      ? { ok: true, payload: payloadOf(raw, text), raw: record }
      : refused(record, told)
  }
  const json = parsed(text)
  if (json === undefined) {
    // "[smile] it is broken" in a mail or a plain text message is no broken JSON.
    if (isOtherText(declared)) return { ok: true, payload: payloadOf(raw, text), raw: record }
    return refused(record, syntaxProblem(text))
  }
  removePrototypeKeys(text, json)
  return { ok: true, payload: payloadOf(raw, text, json), raw: record }
}

/** The first character that is no white space, or undefined. */
function firstCharacter(text: string): string | undefined {
  const at = text.search(/\S/)
  return at < 0 ? undefined : text.charAt(at)
}

const isOtherText = (declared: string): boolean =>
  (declared.startsWith('text/') || declared.startsWith('message/')) && !declared.includes('json')

type Json = NonNullable<DecodedPayload['json']> | string | number | boolean

/** The value, or undefined when the text is no JSON; a bare `null` counts as none. */
function parsed(text: string): Json | undefined {
  try {
    const value: Json | null = JSON.parse(text)
    return value ?? undefined
  } catch {
    return undefined
  }
}

function syntaxProblem(text: string): Problem {
  const at = jsonErrorPosition(text)
  const before = text.slice(0, at).split('\n')
  const column = (before.at(-1) ?? '').length + 1
  const from = Math.max(0, at - 40)
  return problem('body', text.slice(from, from + maxShownLength), notJson, { line: before.length, column })
}

function payloadOf(raw: RawPayload, text: string, json?: Json): DecodedPayload {
  const payload: { -readonly [name in keyof DecodedPayload]: DecodedPayload[name] } = { text }
  if (typeof json === 'object') payload.json = json
  if (raw.contentType !== undefined) payload.contentType = raw.contentType
  if (raw.headers !== undefined) payload.headers = raw.headers
  if (raw.receivedAt !== undefined) payload.receivedAt = raw.receivedAt
  return payload
}
