import { isPersonalName, isPersonalObject, maskPersonal } from './privacy.js'
import type { JsonRecord } from './reader.js'

/** Deeper than any platform nests; what lies below is still in the raw payload. */
const maxDepth = 8
const maxEntries = 200
const nothing: ReadonlySet<string> = new Set()

/**
 * What a payload says beyond the draft's fields: everything but the channel's own names (`taken`), those
 * already `read` as facts, and personal identifiers.
 * Free text inside is masked. A bare `name` is a person's only at the top; below it names devices and parts.
 */
export function attributesOf(
  record: JsonRecord,
  taken: ReadonlySet<string>,
  read: ReadonlySet<string> = nothing,
  depth = 0,
): Record<string, unknown> {
  const attributes: Record<string, unknown> = {}
  let seen = 0
  for (const key in record) {
    if (seen++ === maxEntries) break
    if (taken.has(key) || read.has(key) || (depth === 0 && key === 'name') || isPersonalName(key)) continue
    const value = keep(key, record[key], depth)
    if (value === undefined) continue
    attributes[key] = value
  }
  return attributes
}

function keep(key: string, value: unknown, depth: number): unknown {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') return maskPersonal(value)
  if (typeof value !== 'object') return value
  if (isPersonalObject(key) || depth >= maxDepth) return undefined
  const inner = attributesOf(value as JsonRecord, nothing, nothing, depth + 1)
  for (const _ in inner) return inner
  return undefined
}
