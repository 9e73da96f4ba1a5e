import { type Association, canBe, chanceOf, judge, levelOf } from './association-judge.js'
import type { AssociationSettings } from './association-options.js'
import type { AssociationState } from './association-state.js'
import type { CaseTable, KindColumn } from './case-table.js'
import { type FaultAndAttribute, searchPairs } from './pair-search.js'

/** More known problems at a time are not looked behind. */
const mostRounds = 12

/** Cases of two attributes that are the same to so large a share belong to one problem. */
const mostlyTheSame = 0.8

/**
 * The strongest pair, then the strongest among the other cases, and so on. A large known defect makes its fault look common
 * and hides what else there is (masking), and it makes all that goes with its batch look guilty: the line, the week, the
 * usage. Both end when its cases are set aside.
 *
 * What is left of its batch has a little too much of other faults, and what is left of its fault a little too much of
 * other batches, by 1/(1 − share of the other) at most: less than 2, for a share above a half cannot be found at twice.
 *
 * @param aside 1 for the cases that are explained already; those that are found are added
 */
export function peelPairs(
  state: AssociationState,
  table: CaseTable,
  aside: Uint8Array,
  settings: AssociationSettings,
): Association[] {
  const found: Association[] = []
  for (let round = 0; round < mostRounds; round++) {
    const search = searchPairs(table, aside, settings.leastCases, settings.limit)
    const strongest = strongestOf(state, search.pairs, levelOf(settings.falseAlarms, search.tests), settings)
    if (strongest === undefined) break
    const cases = casesOf(table, strongest, aside)
    found.push({
      fault: table.faultNames[strongest.fault] ?? -1,
      attributes: [nameOf(strongest)],
      cases,
      count: strongest,
      bayes: judge(strongest, settings),
      p: chanceOf(strongest),
      tests: search.tests,
      alike: alikeTo(table, strongest, cases, search.pairs, aside),
      aboveAll: aboveAllOf(table, strongest, aside, settings),
      expectedByParts: null,
    })
    for (const one of cases) aside[one] = 1
  }
  return found
}

const nameOf = ({ column, attribute }: FaultAndAttribute): number => column.names[attribute] ?? -1

/** Where two explain the same cases, the part is nearer to the cause than the line, and the line than the use. */
const groups = ['component', 'batch', 'attribute', 'line', 'plant', 'usage']

function strongestOf(
  state: AssociationState,
  pairs: readonly FaultAndAttribute[],
  level: number,
  settings: AssociationSettings,
): FaultAndAttribute | undefined {
  const { kinds } = state.attributeNames
  const rankOf = ({ column }: FaultAndAttribute): number => groups.indexOf(kinds[column.kind]?.group ?? '')
  const ranked = pairs
    .filter((pair) => canBe(pair, level) && chanceOf(pair) <= level)
    .sort((a, b) =>
      Math.abs(a.surprise - b.surprise) > 1e-9 ? b.surprise - a.surprise : rankOf(a) - rankOf(b),
    )
  return ranked.find((pair) => judge(pair, settings).lower >= settings.limit)
}

function casesOf(
  table: CaseTable,
  { fault, column, attribute }: FaultAndAttribute,
  aside: Uint8Array,
): number[] {
  return casesWith(column, attribute, aside).filter((one) => table.faults[one] === fault)
}

function casesWith({ attributes }: KindColumn, attribute: number, aside: Uint8Array): number[] {
  const found: number[] = []
  for (let one = 0; one < attributes.length; one++)
    if (attributes[one] === attribute && aside[one] === 0) found.push(one)
  return found
}

function alikeTo(
  table: CaseTable,
  strongest: FaultAndAttribute,
  cases: readonly number[],
  pairs: readonly FaultAndAttribute[],
  aside: Uint8Array,
): number[] {
  const its = new Set(cases)
  return pairs
    .filter((pair) => {
      if (pair.fault !== strongest.fault || pair === strongest) return false
      const shared = casesOf(table, pair, aside).filter((one) => its.has(one)).length
      return shared >= mostlyTheSame * Math.max(pair.both, cases.length)
    })
    .map(nameOf)
    .slice(0, 5)
}

/** Looks among the cases with the attribute only: does the fault come with another of their attributes? */
function aboveAllOf(
  table: CaseTable,
  strongest: FaultAndAttribute,
  aside: Uint8Array,
  { leastCases, falseAlarms }: AssociationSettings,
): number[] {
  const others = new Uint8Array(table.count).fill(1)
  for (const one of casesWith(strongest.column, strongest.attribute, aside)) others[one] = 0
  const { pairs, tests } = searchPairs(table, others, leastCases, 1)
  const level = levelOf(falseAlarms, tests)
  return pairs
    .filter((pair) => pair.fault === strongest.fault && isTwiceTheRest(pair) && chanceOf(pair) <= level)
    .sort((a, b) => b.surprise - a.surprise)
    .map(nameOf)
    .slice(0, 1)
}

function isTwiceTheRest({ both, first, second, total }: FaultAndAttribute): boolean {
  return both / second >= (2 * (first - both)) / Math.max(1, total - second)
}
