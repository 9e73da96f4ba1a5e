import type { Belief } from '../../connector/belief.js'
import type { Observation } from '../../connector/subject.js'
import type { JsonValue } from '../../json.js'
import { isSame } from '../same-value.js'

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
    // Null: nothing is believed of it.
    if (believed === null) continue
    const says = seen[field]
    if (!found) differing.push({ field, believed, found: undefined })
    else if (says === undefined) missing.push(field)
    else if (isSame(believed, says)) matching++
    else differing.push({ field, believed, found: says })
  }
  return { matching, differing, missing }
}
