import canonicalize from 'canonicalize'
import type { JsonArray, JsonObject, JsonValue } from '../json.js'

/**
 * RFC 8785: one text for one value. The runtime's own writer does it where the names stand in order, or can be put in
 * order; it is eight times as fast as the library, which has what is left: names like array indexes, which an object
 * keeps in an order of its own.
 *
 * @throws Error for half a character in a text, or a number that JSON does not know
 */
export function canonical(value: JsonObject): string {
  const sorted = inOrder(value)
  return sorted === undefined ? (canonicalize(value) ?? '') : JSON.stringify(sorted)
}

/** The same value with all names in order: itself where they are. Undefined where only the library can tell. */
function inOrder(value: JsonValue | undefined): JsonValue | undefined {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? value : undefined
    case 'number':
      return Number.isFinite(value) ? value : undefined
    case 'boolean':
      return value
    case 'object':
      if (value === null) return value
      return isList(value) ? listInOrder(value) : objectInOrder(value)
    default:
      return undefined
  }
}

function listInOrder(list: JsonArray): JsonArray | undefined {
  let sorted: JsonValue[] | undefined
  for (let i = 0; i < list.length; i++) {
    const item = inOrder(list[i])
    if (item === undefined) return undefined
    if (item !== list[i]) sorted ??= list.slice(0, i)
    sorted?.push(item)
  }
  return sorted ?? list
}

function objectInOrder(object: JsonObject): JsonObject | undefined {
  const names = Object.keys(object)
  let isSorted = true
  for (let i = 0; i < names.length; i++) {
    const name = names[i] ?? ''
    if (cannotBePlaced(name)) return undefined
    isSorted &&= i === 0 || (names[i - 1] ?? '') < name
  }
  if (!isSorted) names.sort()
  const members: JsonValue[] = []
  let isSame = isSorted
  for (const name of names) {
    const member = inOrder(object[name])
    if (member === undefined) return undefined
    isSame &&= member === object[name]
    members.push(member)
  }
  if (isSame) return object
  const sorted: Record<string, JsonValue> = {}
  for (let i = 0; i < names.length; i++) sorted[names[i] ?? ''] = members[i] ?? null
  return sorted
}

/**
 * An index goes before all other names, wherever it is put; `__proto__` is no member when it is assigned; half a
 * character is refused.
 */
function cannotBePlaced(name: string): boolean {
  const first = name.charCodeAt(0)
  return (first >= 0x30 && first <= 0x39) || name === '__proto__' || !name.isWellFormed()
}

const isList = (value: object): value is JsonArray => Array.isArray(value)
