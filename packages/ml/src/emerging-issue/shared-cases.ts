import { type FaultCases, isFlag } from './emerging-state.js'
import { casesSince, countCase, noCounts } from './period-counts.js'

/** Counts a case of a fault, or of a danger, that tells of the danger as well. */
export function countShared({ dangers }: FaultCases, danger: string, period: number): void {
  let found = dangers.find((one) => one.danger === danger)
  if (found === undefined) {
    found = { danger, cases: noCounts() }
    dangers.push(found)
  }
  countCase(found.cases, period)
}

/** Cases that two faults of a model have in common in some periods; of two fault codes it is not known. */
export function sharedCases(one: FaultCases, other: FaultCases, from: number, to: number): number {
  const [of, danger] = isFlag(one.fault) ? [other, one.fault] : [one, other.fault]
  const shared = of.dangers.find((known) => known.danger === danger)
  return shared === undefined ? 0 : (casesSince(shared.cases, [from], to)[0] ?? 0)
}
