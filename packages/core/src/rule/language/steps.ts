import type { Expression } from '../ast.js'
import { type Column, columnOf } from './columns.js'
import { childrenOf } from './expression-tree.js'

/** The steps of a rule's patterns, as far as they matter where an expression stands. */
export interface StepScope {
  /** The steps whose columns may be named here: `a` in `a.serial_number`. */
  readonly names: ReadonlySet<string>
  /** Whether a column may stand without a step: it is then the triggering feedback's. False with MATCH. */
  readonly bare: boolean
  /** The step of WITHOUT where it cannot be named: nothing is known of what did not come. */
  readonly absent?: string
}

type ColumnExpression = Expression & { readonly type: 'column' }

/** The step that a column names; undefined when it stands alone. */
export function stepOf({ path }: ColumnExpression, steps: ReadonlySet<string>): string | undefined {
  const [first = ''] = path
  return path.length > 1 && steps.has(first) ? first : undefined
}

/** The column behind a path that may begin with a step. */
export function columnAt(
  path: readonly string[],
  steps: ReadonlySet<string> | undefined,
): Column | undefined {
  const [first = '', ...rest] = path
  return steps !== undefined && rest.length > 0 && steps.has(first) ? columnOf(rest) : columnOf(path)
}

/** Every column of an expression. */
export function columnsIn(expression: Expression): readonly ColumnExpression[] {
  const found: ColumnExpression[] = []
  const open = [expression]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.type === 'column') found.push(next)
    open.push(...childrenOf(next))
  }
  return found
}
