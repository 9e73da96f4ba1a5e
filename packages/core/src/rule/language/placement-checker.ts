import type { Expression } from '../ast.js'
import type { DiagnosticList } from './diagnostics.js'
import { childrenOf, contains, keyOf } from './expression-tree.js'
import type { SourceText } from './source-text.js'
import { columnAt, type StepScope } from './steps.js'

interface Place {
  readonly source: SourceText
  readonly diagnostics: DiagnosticList
  readonly steps?: StepScope
}

/** `NOW()`, or `NOW()` moved by one interval: its time of expiry can be foreseen. */
function isMovedNow(expression: Expression): boolean {
  if (expression.type === 'now') return true
  if (expression.type !== 'arithmetic') return false
  const { operator, left, right } = expression
  if (left.type === 'now' && right.type === 'interval') return operator === '+' || operator === '-'
  return operator === '+' && left.type === 'interval' && right.type === 'now'
}

/**
 * Reports every NOW() that does not stand as `expr cmp NOW() ± INTERVAL`: only those keep state bounded.
 * @param mayCompare false where even that is out of place: SELECT, GROUP BY, parameters, inside an aggregate
 */
export function checkNow(expression: Expression, mayCompare: boolean, place: Place): void {
  if (expression.type === 'now') {
    place.diagnostics.add(place.source, expression.span, {
      code: 'not-allowed-here',
      message: {
        en: "NOW() may stand only on one side of a comparison in WHERE or HAVING, as in received_at > NOW() - INTERVAL '1 hour'",
        zh: "NOW() 只能出现在 WHERE 或 HAVING 中比较运算的一侧，例如 received_at > NOW() - INTERVAL '1 hour'",
      },
    })
    return
  }
  if (mayCompare && expression.type === 'comparison') {
    const { left, right } = expression
    if (isMovedNow(right) && !contains(left, 'now')) return
    if (isMovedNow(left) && !contains(right, 'now')) return
  }
  const inside = mayCompare && expression.type !== 'aggregate'
  for (const child of childrenOf(expression)) checkNow(child, inside, place)
}

/** Reports aggregates where a single feedback is looked at, and aggregates of aggregates. */
export function checkAggregates(
  expression: Expression,
  clause: 'WHERE' | 'GROUP BY' | undefined,
  place: Place,
): void {
  if (expression.type === 'aggregate' && clause !== undefined) {
    place.diagnostics.add(place.source, expression.span, {
      code: 'not-allowed-here',
      message: {
        en: `${expression.name} looks at a group and cannot stand in ${clause}; write it in HAVING`,
        zh: `${expression.name} 针对一组反馈，不能写在 ${clause} 中；请写在 HAVING 中`,
      },
    })
    return
  }
  if (expression.type === 'aggregate') {
    const nested = childrenOf(expression).find((part) => contains(part, 'aggregate'))
    if (nested === undefined) return
    place.diagnostics.add(place.source, nested.span, {
      code: 'not-allowed-here',
      message:
        nested === expression.filter
          ? {
              en: 'FILTER looks at one feedback and cannot contain an aggregate',
              zh: 'FILTER 针对单条反馈，不能包含聚合函数',
            }
          : { en: 'an aggregate cannot contain another one', zh: '聚合函数不能嵌套' },
    })
    return
  }
  for (const child of childrenOf(expression)) checkAggregates(child, clause, place)
}

/**
 * Reports columns that have no single value for a group.
 * @param groupKeys keys of the GROUP BY expressions (`keyOf`)
 * @param aliases names that stand for something else than a column here
 */
export function checkGrouping(
  expression: Expression,
  groupKeys: ReadonlySet<string>,
  aliases: ReadonlySet<string>,
  place: Place,
): void {
  if (expression.type === 'aggregate' || groupKeys.has(keyOf(expression))) return
  if (expression.type === 'column') {
    const name = expression.path.join('.')
    // An unknown name is reported as such.
    if (aliases.has(name) || columnAt(expression.path, place.steps?.names) === undefined) return
    place.diagnostics.add(place.source, expression.span, {
      code: 'not-allowed-here',
      message: {
        en: `${name} differs within a group: add it to GROUP BY, or aggregate it`,
        zh: `${name} 在同一组内取值不一：请加入 GROUP BY，或使用聚合函数`,
      },
    })
    return
  }
  for (const child of childrenOf(expression)) checkGrouping(child, groupKeys, aliases, place)
}
