import { type Scope, textOf } from './row.js'
import type { SplitSpec } from './value-schema.js'

/** The elements of a list cell, trimmed, without blanks and without repetition. */
export function elementsOf(spec: SplitSpec, scope: Scope): readonly string[] {
  const text = textOf(scope, spec.column)
  if (text === undefined) return []
  const elements = new Set<string>()
  for (const part of partsOf(text, spec)) {
    const element = part.trim()
    if (element !== '') elements.add(element)
  }
  return [...elements]
}

/** An NDJSON cell may be a list already. */
function partsOf(text: string, { separator, unlessBefore }: SplitSpec): readonly string[] {
  if (text.startsWith('[')) {
    const list = listIn(text)
    if (list !== undefined) return list
  }
  const parts: string[] = []
  let from = 0
  for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + separator.length)) {
    const next = at + separator.length
    if (unlessBefore !== undefined && text.startsWith(unlessBefore, next)) continue
    parts.push(text.slice(from, at))
    from = next
  }
  parts.push(text.slice(from))
  return parts
}

function listIn(text: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value.map(String) : undefined
  } catch {
    return undefined
  }
}

export const withElement = (scope: Scope, { as }: SplitSpec, element: string): Scope => ({
  ...scope,
  elements: { ...scope.elements, [as]: element },
})
