import { isPrototypeKey } from './attributes.js'

/** Identifiers come with stray blanks, and as numbers; nothing in them is nothing. */
export function identifierOf(value: unknown): unknown {
  if (typeof value === 'string') return value.trim() || undefined
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return value ?? undefined
}

export const isPresent = (value: unknown): boolean => value !== undefined && value !== null

/** An object of identifiers without those that say nothing; undefined when none says anything. */
export function withoutBlanks(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const kept: Record<string, unknown> = {}
  let some = false
  for (const [name, member] of Object.entries(value)) {
    if (isPrototypeKey(name)) continue
    const plain = identifierOf(member)
    if (plain === undefined) continue
    kept[name] = plain
    some = true
  }
  return some ? kept : undefined
}
