import type { FeedbackRecord } from '../../feedback/schema.js'
import type { Expression, Rule } from '../ast.js'
import { columnReader, isInstantColumn, type Reader } from './columns.js'
import { conjuncts } from './expressions.js'
import type { Value } from './value.js'

/** One conjunct that must be true for the rule to match, cheap to look up. */
type Witness =
  | { readonly kind: 'equal'; readonly column: string; readonly values: readonly Value[] }
  | { readonly kind: 'above'; readonly column: string; readonly bound: number }

interface EqualIndex {
  readonly read: Reader
  readonly rules: ReadonlyMap<Value, readonly number[]>
}

interface AboveIndex {
  readonly read: Reader
  /** Ascending; every rule whose bound is at or below the value is a candidate. */
  readonly bounds: readonly { readonly bound: number; readonly rule: number }[]
}

/**
 * Finds the rules that may match a feedback without asking each of them. For every rule the most selective
 * conjunct is its witness: an equality, else a lower bound; rules with neither are always candidates.
 * Candidates then run their whole condition.
 */
export class WitnessIndex {
  readonly #equal: readonly EqualIndex[]
  readonly #above: readonly AboveIndex[]
  readonly #always: readonly number[]

  constructor(rules: readonly Rule[]) {
    const offers = rules.map((rule) => witnesses(rule.where))
    const spread = valuesByColumn(offers.flat())
    const equal = new Map<string, Map<Value, number[]>>()
    const above = new Map<string, { bound: number; rule: number }[]>()
    const always: number[] = []
    for (const [rule, offered] of offers.entries()) {
      const witness = mostSelective(offered, spread)
      if (witness === undefined) always.push(rule)
      else if (witness.kind === 'above') {
        listAt(above, witness.column).push({ bound: witness.bound, rule })
      } else {
        const index = equal.get(witness.column) ?? new Map<Value, number[]>()
        equal.set(witness.column, index)
        for (const value of new Set(witness.values)) listAt(index, value).push(rule)
      }
    }
    this.#equal = [...equal].map(([column, index]) => ({ read: readerOf(column), rules: index }))
    this.#above = [...above].map(([column, bounds]) => ({
      read: readerOf(column),
      bounds: bounds.sort((a, b) => a.bound - b.bound),
    }))
    this.#always = always
  }

  /** Puts the candidates for one feedback into `into`, in rule order, each once. */
  candidates(feedback: FeedbackRecord, into: number[]): void {
    into.length = 0
    for (const rule of this.#always) into.push(rule)
    for (const { read, rules } of this.#equal) {
      const found = rules.get(read(feedback))
      if (found !== undefined) for (const rule of found) into.push(rule)
    }
    for (const { read, bounds } of this.#above) {
      const value = read(feedback)
      if (typeof value !== 'number') continue
      for (const { bound, rule } of bounds) {
        if (bound > value) break
        into.push(rule)
      }
    }
    if (into.length > 1) into.sort((a, b) => a - b)
  }
}

function listAt<K, V>(map: Map<K, V[]>, key: K): V[] {
  const list = map.get(key) ?? []
  map.set(key, list)
  return list
}

function witnesses(where: Expression | undefined): Witness[] {
  return conjuncts(where).flatMap((part): Witness[] => {
    if (part.type === 'in' && !part.negated) {
      const column = indexable(part.operand)
      const values = part.list.map(literalValue)
      return column !== undefined && values.every(isPresent) ? [{ kind: 'equal', column, values }] : []
    }
    if (part.type !== 'comparison') return []
    const column = indexable(part.left)
    const value = literalValue(part.right)
    if (column === undefined || !isPresent(value)) return []
    if (part.operator === '=') return [{ kind: 'equal', column, values: [value] }]
    if ((part.operator === '>' || part.operator === '>=') && typeof value === 'number') {
      return [{ kind: 'above', column, bound: value }]
    }
    return []
  })
}

const isPresent = (value: Value | undefined): value is Exclude<Value, null> =>
  value !== undefined && value !== null

function indexable(expression: Expression): string | undefined {
  if (expression.type !== 'column' || isInstantColumn(expression.path)) return undefined
  return JSON.stringify(expression.path)
}

const readerOf = (column: string): Reader => columnReader(JSON.parse(column) as string[])

function literalValue(expression: Expression): Value | undefined {
  return expression.type === 'literal' ? expression.value : undefined
}

/** How many different values the rules ask a column for: the more, the fewer rules each value brings. */
function valuesByColumn(witnesses: readonly Witness[]): ReadonlyMap<string, number> {
  const values = new Map<string, Set<Value>>()
  for (const witness of witnesses) {
    if (witness.kind !== 'equal') continue
    const seen = values.get(witness.column) ?? new Set<Value>()
    values.set(witness.column, seen)
    for (const value of witness.values) seen.add(value)
  }
  return new Map([...values].map(([column, seen]) => [column, seen.size]))
}

function mostSelective(
  offered: readonly Witness[],
  spread: ReadonlyMap<string, number>,
): Witness | undefined {
  const score = (witness: Witness): number =>
    witness.kind === 'above' ? 0 : (spread.get(witness.column) ?? 1) / witness.values.length
  return offered.reduce<Witness | undefined>(
    (best, witness) => (best === undefined || score(witness) > score(best) ? witness : best),
    undefined,
  )
}
