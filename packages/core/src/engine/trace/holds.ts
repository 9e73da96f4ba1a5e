import type { Action } from '../../action/action.js'
import type { JsonObject } from '../../json.js'
import type { AffectedUnit, SuspectBatch, Trace, TraceGap } from './result.js'

/** What one hold covers, at one target. */
export interface HoldDraft {
  readonly target: string
  /** Of `material.hold`, but for the reason. */
  readonly covers: JsonObject
}

/** A hold that there is. */
type Standing = Pick<Action, 'target' | 'params'>

export interface HoldPlan {
  readonly holds: readonly HoldDraft[]
  /** What nobody can hold. */
  readonly gaps: readonly TraceGap[]
}

const serialsAtOnce = 1000

/**
 * The holds that cover exactly what was traced: one for each suspect lot at each target that has it as a lot, and, in
 * portions of 1,000, the units whose lot of finished goods is not among those.
 *
 * @param able the targets that can hold material
 * @param blind those of them that could not be asked: a lot that nobody knows is held there, for a hold that waits for its
 * target is better than none
 * @param standing holds of the signal that are in force or on their way: what they cover is not held again
 */
export function holdPlan(
  trace: Trace,
  able: readonly string[],
  blind: readonly string[],
  standing: readonly Standing[],
): HoldPlan {
  const holds: HoldDraft[] = []
  const gaps: TraceGap[] = []
  for (const suspect of trace.batches) {
    const lots = suspect.known.filter(({ target, nameOnly }) => !nameOnly && able.includes(target))
    const places = suspect.known.length === 0 ? blind : lots.map(({ target }) => target)
    for (const target of places) {
      if (!covered(standing, target).batches.has(suspect.batch))
        holds.push({ target, covers: lotOf(suspect) })
    }
    if (lots.length === 0 && suspect.known.length > 0) gaps.push(notAsLot(suspect))
  }
  for (const target of able) {
    const finished = heldLots(trace, target)
    const { serials } = covered(standing, target)
    const single = trace.units
      .filter(
        (unit) => unit.targets.includes(target) && !finished.has(unit.batch) && !serials.has(unit.serial),
      )
      .map(({ serial }) => serial)
      .sort()
    for (let first = 0; first < single.length; first += serialsAtOnce) {
      holds.push({ target, covers: { serials: single.slice(first, first + serialsAtOnce) } })
    }
  }
  return { holds, gaps: [...gaps, ...outOfReach(trace.units, able)] }
}

const lotOf = ({ batch, component }: SuspectBatch): JsonObject =>
  component === undefined ? { batch } : { batch, component }

/** Lots of finished goods that are held as such at a target: their units need no hold of their own. */
function heldLots({ batches }: Trace, target: string): ReadonlySet<string | undefined> {
  return new Set(
    batches
      .filter(
        ({ component, known }) =>
          component === undefined && known.some((one) => one.target === target && !one.nameOnly),
      )
      .map(({ batch }) => batch),
  )
}

function covered(
  standing: readonly Standing[],
  target: string,
): { readonly batches: ReadonlySet<unknown>; readonly serials: ReadonlySet<unknown> } {
  const there = standing.filter((action) => action.target === target)
  return {
    batches: new Set(there.map(({ params }) => params.batch)),
    serials: new Set(there.flatMap(({ params }) => (Array.isArray(params.serials) ? params.serials : []))),
  }
}

const notAsLot = ({ batch, known }: SuspectBatch): TraceGap => ({
  what: 'batch',
  id: batch,
  reason: {
    en: `${known.map(({ target }) => target).join(', ')} cannot hold it as a lot: its units are held one by one where they can be.`,
    zh: `${known.map(({ target }) => target).join('、')} 无法按批次冻结：在可行处逐台冻结。`,
  },
})

function outOfReach(units: readonly AffectedUnit[], able: readonly string[]): readonly TraceGap[] {
  const counts = new Map<string, number>()
  for (const { targets } of units) {
    if (targets.some((target) => able.includes(target))) continue
    const names = targets.join(', ')
    counts.set(names, (counts.get(names) ?? 0) + 1)
  }
  return [...counts].map(([id, count]) => ({
    what: 'target',
    id,
    reason: {
      en: `It knows ${count} unit(s) and cannot hold material, and no other target knows them.`,
      zh: `其所知的 ${count} 台产品无法由其冻结，且其他目标系统均不知晓。`,
    },
  }))
}
