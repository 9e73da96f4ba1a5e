import type { Expression, Rule } from '../ast.js'
import { keyOf } from '../language/expression-tree.js'
import { intervalMilliseconds } from '../language/interval.js'
import type { Aggregate, AggregatePlan } from './aggregate/aggregate-plan.js'
import { compile, type Evaluate, type Row, rowScope, type Scope } from './compile.js'
import { collectAggregates, conjuncts, isLowerBound } from './expressions.js'
import { type ActionTemplate, actionTemplates, type Fact, factsOf } from './findings-of-rule.js'
import type { LifeTerms } from './life.js'
import { changesAt, endingBounds, nowBounds } from './now-bounds.js'
import { type PatternPlan, patternPlan } from './pattern/pattern-plan.js'
import { fixedLength, type WindowSpec, windowSpec } from './window/window-spec.js'

/** What a rule that looks at groups keeps: rules that keep the same share it. */
export interface Grouping {
  readonly by: readonly Expression[]
  readonly aggregates: readonly Aggregate[]
  readonly window: WindowSpec
  /** Length that RATE is over (ms). */
  readonly windowMs: number | undefined
}

/** A rule taken apart: what it looks at, what it keeps and how it lives. */
export interface Program {
  readonly rule: Rule
  readonly pattern: PatternPlan | undefined
  readonly grouping: Grouping | undefined
  readonly terms: LifeTerms
  /** Equal for rules that keep the same windows or matches: filter, pattern, groups and window. */
  readonly planKey: string
  /** Equal for rules that judge them the same way. */
  readonly lifeKey: string
}

/** HAVING is not true unless an aggregate is that much. */
export interface Floor {
  /** Its place in the plan. */
  readonly aggregate: number
  readonly least: number
}

/** A program whose aggregates have found their places. */
export interface BoundProgram extends Program {
  readonly having: Evaluate | undefined
  readonly resolveWhen: Evaluate | undefined
  /**
   * Losing old entries can make HAVING true (AVG, MIN, upper bounds): it must be looked at on every expiry, but only
   * while this holds, the part of it that they cannot make true. Undefined when they can make nothing true.
   */
  readonly risesWhile: Evaluate | undefined
  /** What HAVING needs at least, while it can only fall as entries leave; undefined when nothing as plain as that is known. */
  readonly floor: Floor | undefined
  /** When the comparisons with NOW() in its conditions change (epoch ms). */
  readonly flips: readonly ((row: Row) => number)[]
  readonly facts: readonly Fact[]
  readonly actions: readonly ActionTemplate[]
}

export function program(rule: Rule): Program {
  const aggregates = collectAggregates(rule)
  const { groupBy, window, having, resolveWhen, holdFor, keepFiringFor, oncePer } = rule
  const isGrouped =
    groupBy.length > 0 || window !== undefined || having !== undefined || aggregates.length > 0
  const pattern = patternPlan(rule)
  // What goes into its window is asked for now, so that it is known what is kept of each step.
  const looked = aggregates.flatMap(({ argument, filter }) => [argument, filter])
  for (const expression of [...groupBy, ...looked])
    if (pattern !== undefined && expression !== undefined) compile(expression, pattern.scope)
  return {
    rule,
    pattern,
    grouping: isGrouped
      ? {
          by: groupBy,
          aggregates,
          window: windowSpec(window, endingBounds(rule.where).length > 0),
          windowMs: fixedLength(window),
        }
      : undefined,
    terms: {
      holdFor: holdFor === undefined ? 0 : intervalMilliseconds(holdFor),
      keepFiringFor: keepFiringFor === undefined ? 0 : intervalMilliseconds(keepFiringFor),
      oncePer: oncePer && intervalMilliseconds(oncePer),
    },
    planKey: planKeyOf(rule, isGrouped),
    lifeKey: JSON.stringify([
      having && keyOf(having),
      resolveWhen && keyOf(resolveWhen),
      holdFor,
      keepFiringFor,
      oncePer,
    ]),
  }
}

/** Compiles what depends on where the aggregates are; `plan` is absent for rules without groups. */
export function bind(unbound: Program, plan: AggregatePlan | undefined): BoundProgram {
  const { rule, pattern, grouping } = unbound
  const base = pattern?.scope ?? rowScope
  const scope: Scope =
    grouping === undefined || plan === undefined
      ? { ...base, alias: aliasOf(rule) }
      : groupScope(base, rule, grouping, plan)
  const looked = [rule.having, rule.resolveWhen].filter((condition) => condition !== undefined)
  return {
    ...unbound,
    having: rule.having && compile(rule.having, scope),
    resolveWhen: rule.resolveWhen && compile(rule.resolveWhen, scope),
    risesWhile: risesWhile(rule.having, scope),
    floor: plan && floorOf(rule.having, plan),
    flips: looked.flatMap(nowBounds).map((bound) => changesAt(bound, scope)),
    facts: factsOf(rule, scope, grouping !== undefined),
    actions: actionTemplates(rule, scope),
  }
}

function risesWhile(having: Expression | undefined, scope: Scope): Evaluate | undefined {
  const parts = conjuncts(having)
  const fixed = parts.filter(isLowerBound).map((part) => compile(part, scope))
  if (fixed.length === parts.length) return undefined
  const [only] = fixed
  if (only !== undefined && fixed.length === 1) return only
  return (row) => fixed.every((holds) => holds(row) === true)
}

function floorOf(having: Expression | undefined, plan: AggregatePlan): Floor | undefined {
  for (const part of conjuncts(having).filter(isLowerBound)) {
    const { left, right } = part
    if (left.type !== 'aggregate' || right.type !== 'literal' || typeof right.value !== 'number') continue
    return { aggregate: plan.indexOf(left), least: right.value }
  }
  return undefined
}

function groupScope(base: Scope, rule: Rule, { by }: Grouping, plan: AggregatePlan): Scope {
  const groupKeys = by.map(keyOf)
  return {
    ...base,
    groupIndex: (expression) => groupKeys.indexOf(keyOf(expression)),
    aggregateIndex: (expression) => plan.indexOf(expression),
    alias: aliasOf(rule),
  }
}

function aliasOf(rule: Rule): (name: string) => Expression | undefined {
  const select = rule.select === '*' ? [] : rule.select
  return (name) => select.find((item) => item.alias === name)?.expression
}

function planKeyOf({ where, match, without, groupBy, window }: Rule, isGrouped: boolean): string {
  return JSON.stringify([
    where && keyOf(where),
    match && [match.steps, match.where && keyOf(match.where), match.within],
    without && [without.step, without.where && keyOf(without.where), without.within],
    isGrouped && [groupBy.map(keyOf), window],
  ])
}
