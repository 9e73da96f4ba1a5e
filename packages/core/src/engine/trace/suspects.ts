import type { JsonObject } from '../../json.js'
import type { SuspectBatch, TracedFeedback } from './result.js'

type Suspect = Omit<SuspectBatch, 'known'>

/** One report shares nothing with others. */
const fewest = 2

/**
 * The lots under suspicion. Where the signal's rule groups by a lot that all reports have, it is that one; else it is
 * the component lots that more than half of the reports share (at most one lot of a component), else the lot of
 * finished goods.
 */
export function suspectLots(facts: JsonObject, feedback: readonly TracedFeedback[]): readonly Suspect[] {
  const known = feedback.map(lotsOf).filter((lots) => lots.length > 0)
  const counts = new Map<string, { readonly lot: Lot; reports: number }>()
  for (const lot of known.flat()) {
    const key = JSON.stringify([lot.component ?? null, lot.batch])
    const counted = counts.get(key)
    if (counted === undefined) counts.set(key, { lot, reports: 1 })
    else counted.reports += 1
  }
  const lots = [...counts.values()].sort((left, right) => right.reports - left.reports)
  const suspects = (because: Suspect['because'], wanted: typeof lots): readonly Suspect[] =>
    wanted.map(({ lot, reports }) => ({ ...lot, share: reports / known.length, reports, because }))

  const grouped = new Set(Object.values(facts))
  const ofRule = lots.filter(({ lot, reports }) => reports === known.length && grouped.has(lot.batch))
  if (ofRule.length > 0) return suspects('rule', ofRule)
  const shared = lots.filter(({ reports }) => reports >= fewest && reports > known.length / 2)
  const ofComponents = shared.filter(({ lot }) => lot.component !== undefined)
  return suspects('shared', ofComponents.length > 0 ? ofComponents : shared)
}

interface Lot {
  readonly batch: string
  readonly component?: string
}

function lotsOf({ batch, componentBatches = {} }: TracedFeedback): readonly Lot[] {
  const components = Object.entries(componentBatches).map(([component, lot]) => ({ component, batch: lot }))
  return batch === undefined ? components : [...components, { batch }]
}
