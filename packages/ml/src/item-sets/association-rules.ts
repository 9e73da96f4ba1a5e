import { parseOptions } from '@andon/core/connector'
import * as z from 'zod'
import { must } from '../check.js'
import type { ItemSet, ItemSets } from './frequent-item-sets.js'
import { type RuleMeasures, ruleMeasures } from './rule-measures.js'

export interface RuleOptions {
  /** The lowest confidence, 0 to 1; .8 unless told. */
  readonly confidence?: number
  /** The lowest lift; any unless told. */
  readonly lift?: number
  /** `one` item on the right side, which says all that is to be said of single faults, or `any` number; `one` unless told. */
  readonly right?: 'one' | 'any'
}

export interface AssociationRule extends RuleMeasures {
  readonly left: readonly string[]
  readonly right: readonly string[]
  /** Baskets with both sides. */
  readonly count: number
  /** Another of the rules says the same of the right side with fewer items on the left, and is as sure or surer. */
  readonly redundant: boolean
}

const optionsSchema = z.strictObject({
  confidence: z.number().min(0).max(1).default(0.8),
  lift: z.number().nonnegative().default(0),
  right: z.enum(['one', 'any']).default('one'),
})

interface Draft extends RuleMeasures {
  readonly left: readonly string[]
  readonly right: readonly string[]
  readonly count: number
}

/**
 * Every rule that the item sets hold and that is sure enough, from each set of two items or more. Both sides have an item.
 *
 * @param found of `frequentItemsets`, complete: the counts of both sides are looked up there
 * @throws AndonError OPTIONS_INVALID naming the option, or a set without its parts
 * @see R. Agrawal, T. Imieliński, A. Swami, SIGMOD 1993
 */
export function associationRules(found: ItemSets, options: RuleOptions = {}): AssociationRule[] {
  const { confidence, lift, right } = parseOptions(optionsSchema, options, 'associationRules')
  const counts = new Map(found.sets.map(({ items, count }) => [keyOf(items), count]))
  const countOf = (items: readonly string[]): number => {
    const count = counts.get(keyOf(items))
    must(count !== undefined, 'associationRules.found', {
      en: `must have every part of its sets: {${items.join(', ')}} is missing`,
      zh: `必须包含各项集的全部子集：缺少 {${items.join('、')}}`,
    })
    return count
  }
  const drafts = found.sets
    .filter(({ items }) => items.length >= 2)
    .flatMap((set) => rulesOf(set, right, countOf, found.baskets, confidence, lift))
  const sureness = new Map(drafts.map((rule) => [ruleKey(rule.left, rule.right), rule.confidence]))
  return drafts.map((rule) => ({ ...rule, redundant: isRedundant(rule, sureness) }))
}

function rulesOf(
  { items, count }: ItemSet,
  sides: 'one' | 'any',
  countOf: (items: readonly string[]) => number,
  baskets: number,
  confidence: number,
  lift: number,
): Draft[] {
  const rights = sides === 'one' ? items.map((item) => [item]) : properParts(items)
  return rights.flatMap((right) => {
    const left = items.filter((item) => !right.includes(item))
    const leftCount = countOf(left)
    // Measures cost much, and most rules are not sure enough. A share like .6 of 5 is not exact either.
    if (count / leftCount < confidence - 1e-12) return []
    const measures = ruleMeasures(count, leftCount, countOf(right), baskets)
    return measures.lift < lift - 1e-12 ? [] : [{ left, right, count, ...measures }]
  })
}

/** Is any rule with a part of the left side as sure? Only rules that are sure enough can be, and those are listed. */
function isRedundant({ left, right, confidence }: Draft, sureness: ReadonlyMap<string, number>): boolean {
  return properParts(left).some((part) => (sureness.get(ruleKey(part, right)) ?? -1) >= confidence)
}

/** All parts but the empty and the whole. */
function properParts(items: readonly string[]): string[][] {
  return Array.from({ length: 2 ** items.length - 2 }, (_, index) =>
    items.filter((_item, place) => ((index + 1) >> place) & 1),
  )
}

const keyOf = (items: readonly string[]): string => items.join('\u0000')
const ruleKey = (left: readonly string[], right: readonly string[]): string =>
  `${keyOf(left)}\u0001${keyOf(right)}`
