import type {
  Expression,
  MatchClause,
  Rule,
  RuleAction,
  SelectItem,
  WindowClause,
  WithoutClause,
} from '../ast.js'
import { printInterval } from './interval.js'
import { printExpression } from './print-expression.js'
import type {
  ActionDefinition,
  MatchDefinition,
  RuleDefinition,
  SelectDefinition,
  WindowDefinition,
  WithoutDefinition,
} from './rule-definition.js'
import type { RulesDocument } from './rules-document.js'

/** The JSON form of rules, which `parseRulesJson` reads back to the same rules, spans and source text aside. */
export function rulesToJson(rules: readonly Rule[]): RulesDocument {
  return { version: 1, rules: rules.map(definitionOf) }
}

function definitionOf(rule: Rule): RuleDefinition<string> {
  const { match, without, window, where, having, resolveWhen, holdFor, keepFiringFor, oncePer } = rule
  return {
    name: rule.name,
    ...(rule.stage === undefined ? {} : { stage: rule.stage }),
    ...(rule.select === '*' ? {} : { select: selectOf(rule.select) }),
    ...(where === undefined ? {} : { where: printExpression(where) }),
    ...(match === undefined ? {} : { match: matchOf(match) }),
    ...(without === undefined ? {} : { without: withoutOf(without) }),
    ...(rule.groupBy.length === 0 ? {} : { groupBy: rule.groupBy.map(printExpression) }),
    ...(window === undefined ? {} : { window: windowOf(window) }),
    ...(having === undefined ? {} : { having: printExpression(having) }),
    ...(resolveWhen === undefined ? {} : { resolveWhen: printExpression(resolveWhen) }),
    ...(holdFor === undefined ? {} : { holdFor: printInterval(holdFor) }),
    ...(keepFiringFor === undefined ? {} : { keepFiringFor: printInterval(keepFiringFor) }),
    ...(oncePer === undefined ? {} : { oncePer: printInterval(oncePer) }),
    ...(rule.inhibitedBy === undefined ? {} : { inhibitedBy: rule.inhibitedBy }),
    actions: rule.actions.map(actionOf),
  }
}

function selectOf(items: readonly SelectItem[]): RuleDefinition<string>['select'] & {} {
  const list = items.map(({ expression, alias }): SelectDefinition<string> => {
    const written = printExpression(expression)
    return alias === undefined ? { expression: written } : { expression: written, alias }
  })
  const named = list.flatMap(({ expression, alias }) => (alias === undefined ? [] : [[alias, expression]]))
  return isOrdered(
    named.map(([alias = '']) => alias),
    list.length,
  )
    ? Object.fromEntries(named)
    : list
}

/** Whether an object keeps these names apart and in order: it puts `2` first, and JSON readers drop `__proto__`. */
const isOrdered = (names: readonly string[], expected: number): boolean =>
  new Set(names).size === expected && !names.some((name) => /^\d+$/.test(name) || name === '__proto__')

function matchOf({ steps, where, within }: MatchClause): MatchDefinition<string> {
  return {
    steps,
    ...(where === undefined ? {} : { where: printExpression(where) }),
    ...(within === undefined ? {} : { within: printInterval(within) }),
  }
}

function withoutOf({ step, where, within }: WithoutClause): WithoutDefinition<string> {
  return {
    step,
    ...(where === undefined ? {} : { where: printExpression(where) }),
    within: printInterval(within),
  }
}

function windowOf(window: WindowClause): WindowDefinition {
  if (window.kind === 'count') return { count: window.count }
  const { kind, lateness, final } = window
  const size = printInterval(window.size)
  const onEventTime = lateness === undefined ? {} : { onEventTime: { lateness: printInterval(lateness) } }
  if (kind === 'sliding') return { sliding: size, ...onEventTime }
  const emitFinal = final === true ? { emitFinal: true } : {}
  return kind === 'tumbling'
    ? { tumbling: size, ...onEventTime, ...emitFinal }
    : { session: size, ...onEventTime, ...emitFinal }
}

function actionOf({ kind, params, target, priority }: RuleAction): ActionDefinition<string> {
  const entries = Object.entries(params).map(([name, value]) => [name, parameterOf(value)] as const)
  return {
    kind,
    ...(entries.length === 0 ? {} : { params: Object.fromEntries(entries) }),
    ...(target === undefined ? {} : { target }),
    ...(priority === undefined ? {} : { priority }),
  }
}

/** Numbers and truth values are the same in JSON. */
function parameterOf(value: Expression): string | number | boolean {
  const plain = value.type === 'literal' ? value.value : undefined
  return typeof plain === 'number' || typeof plain === 'boolean' ? plain : printExpression(value)
}
