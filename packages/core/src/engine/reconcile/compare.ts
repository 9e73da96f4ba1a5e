import { canonical } from '../../audit/chain.js'
import type { Belief } from '../../connector/belief.js'
import type { Observation } from '../../connector/subject.js'
import type { JsonValue } from '../../json.js'

/** Numbers closer than this are the same, and so are those that only rounding keeps apart. */
const tolerance = 1e-9

/** What came out of comparing one belief with one observation, field by field. */
export interface Comparison {
  readonly matching: number
  /** `found` is absent when the target knows no such thing. */
  readonly differing: readonly {
    readonly field: string
    readonly believed: JsonValue
    readonly found: JsonValue | undefined
  }[]
  /** Fields of which the target said nothing: neither the same nor different. */
  readonly missing: readonly string[]
}

export function compare({ fields }: Belief, { found, fields: seen }: Observation): Comparison {
  const differing: Comparison['differing'][number][] = []
  const missing: string[] = []
  let matching = 0
  for (const [field, believed] of Object.entries(fields)) {
    const says = seen[field]
    if (!found) differing.push({ field, believed, found: undefined })
    else if (says === undefined) missing.push(field)
    else if (sameValue(believed, says)) matching++
    else differing.push({ field, believed, found: says })
  }
  return { matching, differing, missing }
}

export function sameValue(left: JsonValue, right: JsonValue): boolean {
  if (typeof left === 'number' && typeof right === 'number') {
    return Math.abs(left - right) <= Math.max(tolerance, 4 * Number.EPSILON * Math.abs(left))
  }
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object') return false
  return canonical({ value: left }) === canonical({ value: right })
}
