import { isUtf8 } from 'node:buffer'
import { hash } from 'node:crypto'
import type { JsonObject } from '../json.js'
import { canonical } from './chain.js'

/** A line whose bytes and hash are right by themselves: whether it belongs where it stands is another question. */
export interface SoundLine {
  readonly kind: 'sound'
  readonly tenant: string
  readonly sequence: number
  readonly hash: string
  readonly previous: string
}

/** A line that is not as it was written. What it says of its place may be what was changed. */
export interface UnsoundLine {
  readonly kind: 'changed' | 'not-json'
  /** `bytes`: it says what it said, in other bytes. `words`: it does not say what its hash was made of. */
  readonly what: 'bytes' | 'words'
  readonly sequence?: number
  readonly previous?: string
}

const hashPattern = /^[0-9a-f]{64}$/
/** Beside `data` a line has nothing but these, so its own hash is the last `"hash":` in it. */
const afterData: ReadonlySet<string> = new Set([
  'hash',
  'previous',
  'sequence',
  'signal',
  'tenant',
  'version',
  'what',
])

/** Judges one line by itself. A text has bytes of its own only once it is encoded, so bytes are judged as bytes. */
export function readLine(line: string | Uint8Array): SoundLine | UnsoundLine {
  if (typeof line === 'string') return readText(line, undefined)
  // Decoded leniently, a broken U+FFFD would turn into a whole one.
  if (!isUtf8(line)) return { kind: 'not-json', what: 'words' }
  return readText(Buffer.from(line.buffer, line.byteOffset, line.length).toString(), line)
}

function readText(text: string, bytes: Uint8Array | undefined): SoundLine | UnsoundLine {
  const said = parsed(text)
  if (said === undefined) return { kind: 'not-json', what: 'words' }
  const { tenant, sequence, hash: claimed, previous } = said
  if (
    typeof tenant === 'string' &&
    isSequence(sequence) &&
    isHash(claimed) &&
    isHash(previous) &&
    said.version === 1
  ) {
    if (
      isCanonical(text, said) &&
      isLine(said) &&
      digestOf(text, hashAt(text, said, claimed), bytes) === claimed
    )
      return { kind: 'sound', tenant, sequence, hash: claimed, previous }
    const place = { kind: 'changed', sequence, previous } as const
    return { ...place, what: isLine(said) && saysTheSame(said, claimed) ? 'bytes' : 'words' }
  }
  return {
    kind: 'changed',
    what: 'words',
    ...(isSequence(sequence) ? { sequence } : {}),
    ...(isHash(previous) ? { previous } : {}),
  }
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
  const { action, data, at, what, signal } = said
  if (typeof at !== 'string' || typeof what !== 'string' || !isObject(data)) return false
  if (action !== undefined && typeof action !== 'string') return false
  if (signal !== undefined && typeof signal !== 'string') return false
  for (const name in said) {
    if (name !== 'action' && name !== 'at' && name !== 'data' && !afterData.has(name)) return false
  }
  return true
}

/**
 * Whether a text is the canonical one (RFC 8785) of what it says. `JSON.stringify` writes numbers and texts as the
 * standard asks, so all that is left to see is the order of names; where it wrote another text, or half a character
 * (`\ud800`), the slow way decides.
 */
function isCanonical(text: string, said: JsonObject): boolean {
  if (JSON.stringify(said) === text && isOrdered(said) && !text.includes('\\ud')) return true
  return canonicalOrNothing(said) === text
}

function canonicalOrNothing(said: JsonObject): string | undefined {
  try {
    return canonical(said)
  } catch {
    return undefined
  }
}

/** Names in ascending order of UTF-16 code units, all the way down. */
function isOrdered(value: object): boolean {
  if (Array.isArray(value)) {
    for (const item of value) if (isObject(item) && !isOrdered(item)) return false
    return true
  }
  let before: string | undefined
  // What JSON.parse made inherits nothing that is enumerable.
  for (const name in value) {
    if (before !== undefined && before >= name) return false
    before = name
    const member = (value as JsonObject)[name]
    if (isObject(member) && !isOrdered(member)) return false
  }
  return true
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Room for the bytes that are hashed: allocating them anew for each line takes as long as hashing them. */
let room = Buffer.alloc(8192)

/** SHA-256 of a canonical line without its hash, which stands `at` that place; `bytes` are the line's, where known. */
function digestOf(text: string, at: number, bytes: Uint8Array | undefined): string {
  // UTF-8 takes at most three bytes for a UTF-16 code unit.
  if (room.length < text.length * 3) room = Buffer.alloc(text.length * 3)
  if (bytes === undefined) {
    const head = room.write(text.slice(0, at))
    const tail = room.write(text.slice(at + hashMember), head)
    return hash('sha256', room.subarray(0, head + tail), 'hex')
  }
  const cut = bytes.length - Buffer.byteLength(text.slice(at))
  room.set(bytes.subarray(0, cut))
  room.set(bytes.subarray(cut + hashMember), cut)
  return hash('sha256', room.subarray(0, bytes.length - hashMember), 'hex')
}

/** Length of `"hash":"…",`. */
const hashMember = 74

/**
 * Where a canonical line has its hash. The members after it are known, and so is where it stands, unless one of them
 * has something to escape. A quote within a text is escaped, so what is looked for cannot stand inside one.
 */
function hashAt(text: string, { sequence, signal, tenant, what }: JsonObject, claimed: string): number {
  const member = `"hash":"${claimed}",`
  const signalLength = signal === undefined ? 0 : 12 + String(signal).length
  const fixed =
    hashMember + '"previous":"",'.length + 64 + '"sequence":,"tenant":"","version":1,"what":""}'.length
  const said = String(sequence).length + String(tenant).length + String(what).length
  const at = text.length - fixed - signalLength - said
  return text.startsWith(member, at) ? at : text.lastIndexOf(member)
}

function saysTheSame(said: JsonObject, claimed: string): boolean {
  const text = canonicalOrNothing(said)
  return text !== undefined && digestOf(text, hashAt(text, said, claimed), undefined) === claimed
}
