import type { Mapping } from './mapping-schema.js'
import { templateParts } from './value.js'

/** The columns that a mapping reads, without the names it gives to list elements. */
export function columnsIn(mapping: Mapping): ReadonlySet<string> {
  const columns = new Set([mapping.filedAt])
  const elements = new Set<string>()
  if (typeof mapping.order === 'object') columns.add(mapping.order.column)
  const addTemplate = (template: string): void => {
    for (const part of templateParts(template)) if (typeof part !== 'string') columns.add(part.column)
  }
  visit({ ...mapping.fields, explode: mapping.explode }, (spec) => {
    if (typeof spec === 'string') addTemplate(spec)
    else if (typeof spec.lookup === 'string' && typeof spec.key === 'string') addTemplate(spec.key)
    else if (typeof spec.column === 'string') {
      columns.add(spec.column)
      if (typeof spec.as === 'string' && 'separator' in spec) elements.add(spec.as)
    }
  })
  for (const name of elements) columns.delete(name)
  return columns
}

/** The lookup tables that a mapping refers to. */
export function lookupsIn(mapping: Mapping): readonly string[] {
  const names: string[] = []
  visit(mapping.fields, (spec) => {
    if (typeof spec !== 'string' && typeof spec.lookup === 'string') names.push(spec.lookup)
  })
  return names
}

type Node = string | Readonly<Record<string, unknown>>

/** Shows every value below a node: templates, and objects that name a column or a lookup. */
function visit(node: unknown, see: (spec: Node) => void): void {
  if (typeof node === 'string') see(node)
  if (typeof node !== 'object' || node === null) return
  const object: Readonly<Record<string, unknown>> = { ...node }
  if ('lookup' in object || 'column' in object) see(object)
  else for (const member of Object.values(object)) visit(member, see)
}
