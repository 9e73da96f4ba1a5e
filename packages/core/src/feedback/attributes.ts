import { cut } from './problem.js'

export type AttributeValue = string | number | boolean | null

const maxAttributes = 100
const maxNameLength = 200
const maxValueLength = 2000
const maxDepth = 16

/** Names through which a plain assignment would reach an object's prototype. */
export function isPrototypeKey(name: string): boolean {
  return name === '__proto__' || name === 'constructor' || name === 'prototype'
}

/**
 * Flattens what the schema has no field for: `{ device: { os: 'x' } }` becomes `{ 'device.os': 'x' }`, array
 * elements are named by their index. At most 100 scalars, texts cut at 2,000 characters, 16 levels deep;
 * prototype-polluting names are dropped. The raw payload keeps what is cut here.
 *
 * @returns undefined when nothing is left
 */
export function flattenAttributes(value: unknown): Record<string, AttributeValue> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const flat: Record<string, AttributeValue> = {}
  return flattenInto(flat, 0, '', value, 0) > 0 ? flat : undefined
}

/** Adds what is below `value` and returns how many there are now. */
function flattenInto(
  flat: Record<string, AttributeValue>,
  before: number,
  path: string,
  value: object,
  depth: number,
): number {
  let count = before
  // Names first, members one by one: a list of pairs per payload would be the costliest thing here.
  for (const name of Object.keys(value)) {
    if (count >= maxAttributes) return count
    if (isPrototypeKey(name)) continue
    const member: unknown = (value as Readonly<Record<string, unknown>>)[name]
    const full = path === '' ? name : `${path}.${name}`
    if (typeof member === 'object' && member !== null && !(member instanceof Date)) {
      if (depth + 1 < maxDepth) count = flattenInto(flat, count, full, member, depth + 1)
      continue
    }
    const scalar = scalarOf(member)
    if (scalar === undefined) continue
    const key = cut(full, maxNameLength)
    if (!Object.hasOwn(flat, key)) count += 1
    flat[key] = scalar
  }
  return count
}

function scalarOf(value: unknown): AttributeValue | undefined {
  switch (typeof value) {
    case 'string':
      return cut(value, maxValueLength)
    case 'number':
      return Number.isFinite(value) ? value : String(value)
    case 'boolean':
      return value
    case 'bigint':
      return String(value)
    case 'object':
      if (value === null) return null
      return value instanceof Date && Number.isFinite(value.getTime()) ? value.toISOString() : undefined
    default:
      return undefined
  }
}
