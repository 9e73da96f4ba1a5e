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

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
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
  if (typeof line !== 'string') {
    // Decoded leniently, a broken U+FFFD would turn into a whole one.
    if (!isUtf8(line)) return { kind: 'not-json', what: 'words' }
    return readLine(decoder.decode(line))
  }
  const said = parsed(line)
  if (said === undefined) return { kind: 'not-json', what: 'words' }
  const { tenant, sequence, hash: claimed, previous } = said
  if (
    typeof tenant === 'string' &&
    isSequence(sequence) &&
    isHash(claimed) &&
    isHash(previous) &&
    said.version === 1
  ) {
    if (isCanonical(line, said) && isLine(said) && digestOf(line, claimed) === claimed)
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
  for (const name of Object.keys(value)) {
    if (before !== undefined && before >= name) return false
    before = name
    const member = (value as JsonObject)[name]
    if (isObject(member) && !isOrdered(member)) return false
  }
  return true
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** SHA-256 of a canonical line without its hash. */
function digestOf(text: string, claimed: string): string {
  const member = `"hash":"${claimed}",`
  // Texts in JSON have their quotes escaped, so this cannot stand inside one.
  const at = text.lastIndexOf(member)
  return hash('sha256', text.slice(0, at) + text.slice(at + member.length), 'hex')
}

function saysTheSame(said: JsonObject, claimed: string): boolean {
  const text = canonicalOrNothing(said)
  return text !== undefined && digestOf(text, claimed) === claimed
}
