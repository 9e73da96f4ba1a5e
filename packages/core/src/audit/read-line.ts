import { isUtf8 } from 'node:buffer'
import type { JsonObject } from '../json.js'
import { canonical } from './canonical.js'
import { digestWithout, type PlainLine, readPlainLine } from './plain-line.js'

/** A line whose bytes and hash are right by themselves: whether it belongs where it stands is another question. */
export interface SoundLine extends PlainLine {
  readonly kind: 'sound'
}

/** A line that is not as it was written. What it says of its place may be what was changed. */
export interface UnsoundLine {
  readonly kind: 'changed' | 'not-json'
  /** `bytes`: it says what it said, in other bytes. `words`: it does not say what its hash was made of. */
  readonly what: 'bytes' | 'words'
  readonly sequence?: number
  readonly previous?: string
}

const unreadable: UnsoundLine = { kind: 'not-json', what: 'words' }
const hashPattern = /^[0-9a-f]{64}$/
/** Beside `data` a line has nothing but texts and numbers, so its own hash is the last `"hash":` in it. */
const members: ReadonlySet<string> = new Set([
  ...['action', 'at', 'data', 'hash', 'previous', 'sequence', 'signal', 'tenant', 'version', 'what'],
])

/** Judges one line by itself. A text has bytes of its own only once it is encoded, so bytes are judged as bytes. */
export function readLine(line: string | Uint8Array): SoundLine | UnsoundLine {
  // Encoded, half a character would turn into U+FFFD; decoded, so would what is no UTF-8.
  if (typeof line === 'string' ? !line.isWellFormed() : !isUtf8(line)) return unreadable
  const bytes =
    typeof line === 'string' ? Buffer.from(line) : Buffer.from(line.buffer, line.byteOffset, line.length)
  const plain = readPlainLine(bytes)
  return plain === undefined ? readSlowly(bytes.toString()) : { kind: 'sound', ...plain }
}

/** The same by a parser: for every line that is right, and to say what is wrong with the others. */
export function readSlowly(text: string): SoundLine | UnsoundLine {
  const said = parsed(text)
  if (said === undefined) return unreadable
  const { tenant, sequence, hash, previous } = said
  const place = {
    ...(isSequence(sequence) ? { sequence } : {}),
    ...(isHash(previous) ? { previous } : {}),
  }
  const changed: UnsoundLine = { kind: 'changed', what: 'words', ...place }
  if (typeof tenant !== 'string' || !isSequence(sequence) || !isHash(hash) || !isHash(previous))
    return changed
  if (!isLine(said)) return changed
  const right = canonicalOrNothing(said)
  if (right === undefined || digestOf(right, hash) !== hash) return changed
  return right === text ? { kind: 'sound', tenant, sequence, hash, previous } : { ...changed, what: 'bytes' }
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    // What JSON.parse gives is JSON.
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined
  } catch {
    return undefined
  }
}

const isHash = (value: unknown): value is string => typeof value === 'string' && hashPattern.test(value)
const isSequence = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 1

/** It has the members of a line and no others. */
function isLine(said: JsonObject): boolean {
  const { action = '', at, data, signal = '', version, what } = said
  const areTexts = [action, at, signal, what].every((value) => typeof value === 'string')
  const isData = typeof data === 'object' && data !== null && !Array.isArray(data)
  return areTexts && isData && version === 1 && Object.keys(said).every((name) => members.has(name))
}

function canonicalOrNothing(said: JsonObject): string | undefined {
  try {
    return canonical(said)
  } catch {
    return undefined
  }
}

/** SHA-256 of a canonical line without its hash. */
function digestOf(text: string, claimed: string): string {
  // Quotes within texts are escaped, so this cannot stand inside one.
  const at = text.lastIndexOf(`"hash":"${claimed}",`)
  return digestWithout(Buffer.from(text), Buffer.byteLength(text.slice(0, at)))
}
