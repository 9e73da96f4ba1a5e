import { Buffer, isUtf8 } from 'node:buffer'
import { hash } from 'node:crypto'
import { inspect } from 'node:util'
import type { RawRecord, RawText } from './schema.js'

/** Adds the SHA-256 of the payload's bytes. Costs more than the rest together, so it is done where it is needed. */
export function sealed({ payload, encoding }: RawText): RawRecord {
  return {
    payload,
    encoding,
    sha256: hash('sha256', encoding === 'text' ? payload : Buffer.from(payload, 'base64')),
  }
}

/**
 * The payload as it is kept: text verbatim (with its byte order mark, if it has one), bytes that are not
 * UTF-8 in base64, objects as JSON. An object that is no JSON (a cycle, a bigint) is kept as Node prints it.
 */
export function rawTextOf(body: unknown): RawText {
  if (typeof body === 'string') return textRecord(body)
  if (body instanceof Uint8Array) return bytesRecord(body)
  return textRecord(jsonTextOf(body) ?? printed(body))
}

/** The JSON text of a value, or undefined when it has none (cycle, bigint, function, a toJSON that throws). */
export function jsonTextOf(value: unknown): string | undefined {
  try {
    // The declared type leaves out that functions and undefined have no JSON.
    const text: string | undefined = JSON.stringify(value)
    return text
  } catch {
    return undefined
  }
}

function textRecord(text: string): RawText {
  // A lone surrogate has no UTF-8: neither the hash nor a disk could keep it.
  const payload = text.isWellFormed() ? text : text.toWellFormed()
  return { payload, encoding: 'text' }
}

function bytesRecord(bytes: Uint8Array): RawText {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const readable = isUtf8(buffer)
  return {
    payload: buffer.toString(readable ? 'utf8' : 'base64'),
    encoding: readable ? 'text' : 'base64',
  }
}

function printed(value: unknown): string {
  try {
    return inspect(value, { depth: 16, customInspect: false, maxStringLength: 20_000, breakLength: 110 })
  } catch {
    return String(typeof value)
  }
}
