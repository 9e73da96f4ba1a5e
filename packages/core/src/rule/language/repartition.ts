import type { Expression, Rule } from '../ast.js'
import { columnOf } from './columns.js'
import type { DiagnosticInit } from './diagnostics.js'
import { conjunctsOf } from './expression-tree.js'
import { columnAt, stepOf } from './steps.js'

/**
 * Warns of a rule that cannot be judged within one partition: its groups or its pattern bring together feedback
 * that the partitioning keeps apart, so its feedback would have to be partitioned anew.
 * @param partitionedBy the columns by whose values feedback is spread
 * @param isGrouped whether the rule looks at groups
 */
export function repartitionOf(
  rule: Rule,
  partitionedBy: readonly string[],
  isGrouped: boolean,
): DiagnosticInit | undefined {
  const columns = partitionedBy.map((name) => columnOf(name.split('.'))?.name ?? name)
  const apart = columns.filter(
    (column) =>
      (isGrouped && !groupsBy(rule, column) && !isFixed(rule, column)) ||
      (hasPattern(rule) && !joins(rule, column)),
  )
  if (apart.length === 0) return undefined
  const names = apart.join(', ')
  return {
    severity: 'warning',
    code: 'needs-repartition',
    message: {
      en: `this rule brings together feedback with different values of ${names}: feedback partitioned by it must be repartitioned, or add it to GROUP BY and to the equalities between the steps`,
      zh: `此规则会汇集 ${names} 不同的反馈：按其分区的反馈需要重新分区，或把它加入 GROUP BY 以及各步骤之间的等值条件`,
    },
  }
}

/**
 * The columns by any of which feedback may be partitioned for the rule: what it brings together has the same value of
 * each of them. None: only feedback of one tenant.
 * @param isGrouped whether the rule looks at groups
 */
export function partitionColumns(rule: Rule, isGrouped: boolean): readonly string[] {
  const steps = stepNames(rule)
  const candidates = [...(isGrouped ? rule.groupBy : []), ...equalColumns(rule)]
  const names = candidates.flatMap((key) =>
    key.type === 'column' ? (columnAt(key.path, steps)?.name ?? []) : [],
  )
  return [...new Set(names)].filter(
    (column) =>
      (!isGrouped || groupsBy(rule, column) || isFixed(rule, column)) &&
      (!hasPattern(rule) || joins(rule, column)),
  )
}

/** Columns that stand in an equality. */
function equalColumns(rule: Rule): readonly Expression[] {
  const conditions = [rule.where, rule.match?.where, rule.without?.where]
  return conditions
    .flatMap((where) => (where === undefined ? [] : conjunctsOf(where)))
    .filter(isEquality)
    .flatMap(({ left, right }) => [left, right])
}

export const hasPattern = ({ match, without }: Rule): boolean =>
  without !== undefined || (match !== undefined && match.steps.length > 1)

const stepNames = ({ match, without }: Rule): ReadonlySet<string> =>
  new Set([...(match?.steps ?? []), ...(without === undefined ? [] : [without.step])])

function groupsBy(rule: Rule, column: string): boolean {
  const steps = stepNames(rule)
  return rule.groupBy.some((key) => key.type === 'column' && columnAt(key.path, steps)?.name === column)
}

/** Whether WHERE lets through one value of a column alone: then all feedback of the rule has it. */
function isFixed({ where }: Rule, column: string): boolean {
  const isColumn = (side: Expression): boolean =>
    side.type === 'column' && columnOf(side.path)?.name === column
  const isValue = (side: Expression): boolean => side.type === 'literal' && side.value !== null
  return (where === undefined ? [] : conjunctsOf(where)).some(
    (part) =>
      isEquality(part) &&
      ((isColumn(part.left) && isValue(part.right)) || (isValue(part.left) && isColumn(part.right))),
  )
}

/** Whether equalities hold one column of all steps together; a constant that several are equal to does, too. */
function joins(rule: Rule, column: string): boolean {
  const steps = stepNames(rule)
  const nodeOf = (side: Expression): string | undefined => {
    if (side.type === 'literal' && side.value !== null) return `= ${JSON.stringify(side.value)}`
    if (side.type !== 'column' || columnAt(side.path, steps)?.name !== column) return undefined
    return stepOf(side, steps) ?? ''
  }
  const group = new Map<string, string>()
  const rootOf = (node: string): string => {
    const parent = group.get(node)
    return parent === undefined ? node : rootOf(parent)
  }
  for (const where of [rule.where, rule.match?.where, rule.without?.where]) {
    for (const part of where === undefined ? [] : conjunctsOf(where)) {
      if (!isEquality(part)) continue
      const [left, right] = [nodeOf(part.left), nodeOf(part.right)]
      if (left === undefined || right === undefined || rootOf(left) === rootOf(right)) continue
      group.set(rootOf(left), rootOf(right))
    }
  }
  const all = rule.match === undefined ? ['', ...steps] : [...steps]
  return new Set(all.map(rootOf)).size === 1
}

function isEquality(
  expression: Expression,
): expression is Expression & { type: 'comparison' | 'is-distinct'; left: Expression; right: Expression } {
  if (expression.type === 'is-distinct') return expression.negated
  return expression.type === 'comparison' && expression.operator === '='
}
