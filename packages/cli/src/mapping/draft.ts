import type { FeedbackDraft } from '@andon/core/feedback'
import type { Mapping } from './mapping-schema.js'
import type { Scope } from './row.js'
import { elementsOf, withElement } from './split.js'
import { compileValue, type Kind, type Lookups, type Scalar } from './value.js'
import type { SplitSpec, ValueSpec } from './value-schema.js'

type Part = (scope: Scope) => unknown
type Members = Readonly<Record<string, ValueSpec | undefined>>

/** The member without which an object says nothing: constants alone make no fault code. */
const keyMember: Readonly<Record<string, string>> = {
  occurredAt: 'at',
  productionSite: 'plant',
  usageAtFailure: 'value',
  faultCode: 'code',
  faultLocation: 'code',
  satisfactionScore: 'value',
  conditions: 'text',
  evidence: 'uri',
}
const numbers: ReadonlySet<string> = new Set([
  'severityScore',
  'usageAtFailure.value',
  'faultCode.confidence',
  'satisfactionScore.value',
  'conditions.min',
  'conditions.max',
  'evidence.confidence',
])

function kindOf(path: string): Kind {
  if (numbers.has(path)) return 'number'
  if (path.startsWith('safetyFlags.')) return 'boolean'
  return path.startsWith('attributes.') ? 'any' : 'text'
}

/** Compiles the fields of a mapping into a function that makes the draft of one row, or of one element of it. */
export function compileDraft({ fields, filedAt, lookups }: Mapping): (scope: Scope) => FeedbackDraft {
  const { occurredAt, productionSite, usageAtFailure, faultCode, faultLocation, ...others } = fields
  const { componentBatches, safetyFlags, satisfactionScore, attributes, conditions, evidence, ...scalars } =
    others
  const objects = {
    occurredAt,
    productionSite,
    usageAtFailure,
    faultCode,
    faultLocation,
    componentBatches,
    safetyFlags,
    satisfactionScore,
    attributes,
  }
  const parts: [string, Part][] = []
  for (const [name, spec] of Object.entries({ receivedAt: { column: filedAt }, ...scalars })) {
    if (spec !== undefined) parts.push([name, compileValue(spec, lookups, kindOf(name), name)])
  }
  for (const [name, members] of Object.entries(objects)) {
    if (members !== undefined) parts.push([name, compileObject(name, members, lookups)])
  }
  for (const [name, list] of Object.entries({ conditions, evidence })) {
    if (list !== undefined) parts.push([name, compileList(name, list, lookups)])
  }
  return (scope) => {
    const draft: Record<string, unknown> = {}
    for (const [name, part] of parts) {
      const value = part(scope)
      if (value !== undefined) draft[name] = value
    }
    // A draft is what somebody says; the normaliser checks each of its members against the schema.
    return draft as unknown as FeedbackDraft
  }
}

function compileObject(name: string, members: Members, lookups: Lookups): Part {
  const parts = Object.entries(members).flatMap(([member, spec]) => {
    const path = `${name}.${member}`
    return spec === undefined ? [] : [{ member, read: compileValue(spec, lookups, kindOf(path), path) }]
  })
  const key = keyMember[name]
  return (scope) => {
    const object: Record<string, Scalar> = {}
    for (const { member, read } of parts) {
      const value = read(scope)
      if (value !== undefined) object[member] = value
    }
    const says = key === undefined ? Object.keys(object).length > 0 : object[key] !== undefined
    return says ? object : undefined
  }
}

function compileList(
  name: string,
  { split, each }: { readonly split: SplitSpec; readonly each: Members },
  lookups: Lookups,
): Part {
  const one = compileObject(name, each, lookups)
  return (scope) => {
    const list = elementsOf(split, scope)
      .map((element) => one(withElement(scope, split, element)))
      .filter((item) => item !== undefined)
    return list.length > 0 ? list : undefined
  }
}
