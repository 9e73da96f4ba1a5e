import { hypergeometricUpperTail } from '../distributions/hypergeometric.js'
import { type ItemSet, mineSets } from '../item-sets/frequent-item-sets.js'
import { type Association, judge, levelOf } from './association-judge.js'
import type { AssociationSettings } from './association-options.js'
import type { CaseTable } from './case-table.js'
import { casesAsBaskets } from './cases-as-baskets.js'
import { type Combination, type JudgedPattern, judgePattern } from './pattern-judge.js'

/** At most so many combinations are told at once, the strongest. */
const mostPatterns = 5

/** Rarer combinations than one in so many cases are not looked for: there are too many of them to tell accidents apart. */
const leastShare = 200

/**
 * Combinations of attributes with which a fault comes more often than with any of them alone, by frequent item sets over
 * the cases that no single attribute explains.
 *
 * Tests are all combinations in enough cases, with all faults in enough cases: what could have been found, not what was.
 */
export function findPatterns(
  table: CaseTable,
  aside: Uint8Array,
  settings: AssociationSettings,
): Association[] {
  const cases = table.count - aside.reduce((sum, one) => sum + one, 0)
  const least = Math.max(settings.leastCases, Math.ceil(cases / leastShare))
  const { baskets, faults: ofFaults } = casesAsBaskets(table, aside, least)
  // Sets of a fault and two attributes, and of two attributes: what else there is tells nothing.
  const sets = mineSets(baskets, least, (first) => (first < ofFaults ? 3 : 2))
  const counts = new Map<string, number>()
  const drafts: Draft[] = []
  let [combinations, faults] = [0, 0]
  for (const set of sets) {
    const fault = set.items.find(isFault)
    if (set.items.length < 3) counts.set(keyOf(set.items), set.count)
    else if (fault !== undefined) drafts.push({ set, fault })
    if (fault === undefined) combinations += set.items.length === 2 ? 1 : 0
    else if (set.items.length === 1) faults++
  }
  const tests = combinations * faults
  const level = levelOf(settings.falseAlarms, tests)
  const found = drafts
    .filter((draft) => chanceByCounts(draft, counts, cases) <= level)
    .map(({ set, fault }) => judgePattern(table, aside, patternOf(set, fault)))
    .filter((pattern) => pattern.p <= level && pattern.timesTheRest >= settings.limit)
    .filter(({ count }) => judge(count, settings).lower >= settings.limit)
    .sort((a, b) => a.p - b.p)
  return withoutShadows(found).map((pattern) => ({
    fault: table.faultNames[pattern.fault] ?? -1,
    attributes: pattern.attributes.map(
      ({ column, attribute }) => table.columns[column]?.names[attribute] ?? -1,
    ),
    cases: pattern.cases,
    count: pattern.count,
    bayes: judge(pattern.count, settings),
    p: pattern.p,
    tests,
    alike: [],
    aboveAll: [],
    expectedByParts: pattern.expectedByParts,
  }))
}

interface Draft {
  readonly set: ItemSet
  readonly fault: string
}

const isFault = (item: string): boolean => item.startsWith('f')

/** Item sets keep one order, and so do their parts. */
const keyOf = (items: readonly string[]): string => items.join(' ')

/** The largest of Fisher's p against all cases, and against the cases with either attribute: a first sieve. */
function chanceByCounts({ set, fault }: Draft, counts: ReadonlyMap<string, number>, cases: number): number {
  const countOf = (items: readonly string[]): number => counts.get(keyOf(items)) ?? 0
  const ofFault = countOf([fault])
  const both = countOf(set.items.filter((item) => item !== fault))
  // Nothing costs less, and most go with it.
  if (set.count * cases < 2 * both * ofFault) return 1
  const chance = (population: number, marked: number): number =>
    hypergeometricUpperTail(set.count, population, marked, both)
  const parts = set.items
    .filter((item) => item !== fault)
    .map((item) => chance(countOf([item]), countOf(set.items.filter((one) => one === item || one === fault))))
  return Math.max(chance(cases, ofFault), ...parts)
}

function patternOf({ items }: ItemSet, fault: string): Combination {
  const attributes = items
    .filter((item) => item !== fault)
    .map((item) => {
      const [column = '', attribute = ''] = item.split(':')
      return { column: Number(column), attribute: Number(attribute) }
    })
  return { fault: Number(fault.slice(1)), attributes }
}

/** Without those that share most of their cases with a stronger one of the same fault. */
function withoutShadows(patterns: readonly JudgedPattern[]): JudgedPattern[] {
  const kept: JudgedPattern[] = []
  for (const pattern of patterns) {
    const isShadow = kept.some(
      (stronger) =>
        stronger.fault === pattern.fault &&
        2 * pattern.cases.filter((one) => stronger.cases.includes(one)).length >= pattern.cases.length,
    )
    if (!isShadow && kept.length < mostPatterns) kept.push(pattern)
  }
  return kept
}
