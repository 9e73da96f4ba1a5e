import { fitMgps } from '../disproportionality/fit-mgps.js'
import type { MgpsPrior } from '../disproportionality/mgps-prior.js'
import type { AssociationState } from './association-state.js'
import type { CaseTable } from './case-table.js'
import { searchPairs } from './pair-search.js'

/** Where there are too few pairs to fit one: DuMouchel's start. */
const ordinary: MgpsPrior = { shape1: 0.2, rate1: 0.1, shape2: 2, rate2: 4, weight: 1 / 3 }

/** Fewer pairs tell how ratios are in general only by accident. */
const leastPairs = 100

/**
 * How ratios are in general among these cases. Fitted only when something is to be judged, and again when the cases are half
 * as many again or have become others: it costs more than the search.
 */
export function priorOf(state: AssociationState, table: CaseTable, mostCases: number): MgpsPrior {
  const { count } = state.cases
  if (state.prior !== null && count < state.nextFit) return state.prior
  state.prior = fitted(table) ?? ordinary
  state.nextFit = count + Math.ceil(Math.min(count / 2, mostCases))
  return state.prior
}

function fitted(table: CaseTable): MgpsPrior | null {
  const { pairs } = searchPairs(table, new Uint8Array(table.count), 1, 0)
  if (pairs.length < leastPairs) return null
  const fit = fitMgps(pairs.map(({ both, expected }) => ({ both, expected: rounded(expected) })))
  if (fit === null || !fit.converged) return null
  const { shape1, rate1, shape2, rate2, weight } = fit
  return { shape1, rate1, shape2, rate2, weight }
}

/** To a twentieth: then hundreds of pairs are alike and are counted, not gone through. */
const rounded = (expected: number): number => Math.exp(Math.round(Math.log(expected) * 20) / 20)
