import type { Expression, Interval } from '../ast.js'
import { childrenOf } from '../language/expression-tree.js'
import { addInterval } from '../language/interval.js'
import { compile, type Evaluate, type Row, type Scope } from './compile.js'
import { conjuncts } from './expressions.js'

/** `value cmp NOW() + shift`: a comparison that time alone changes. Plain data. */
export interface NowBound {
  readonly value: Expression
  readonly shift: Interval | null
  readonly direction: 1 | -1
  /** It ceases to hold as time goes on: `value > NOW()`; else it begins to. */
  readonly ends: boolean
  /** At the very instant when the sides are equal it holds. */
  readonly inclusive: boolean
}

/** The conditions of a conjunction that cease to hold as time goes on. */
export function endingBounds(where: Expression | undefined): readonly NowBound[] {
  return conjuncts(where)
    .flatMap((part) => boundOf(part) ?? [])
    .filter(({ ends }) => ends)
}

/** All comparisons with NOW() in a condition. */
export function nowBounds(condition: Expression): readonly NowBound[] {
  const own = boundOf(condition)
  return own === undefined ? childrenOf(condition).flatMap(nowBounds) : [own]
}

/** When a comparison changes: the first instant (epoch ms) at which it is what it is from then on. */
export function changesAt(
  { value, shift, direction, ends, inclusive }: NowBound,
  scope: Scope,
): (row: Row) => number {
  const of: Evaluate = compile(value, scope)
  // The sides are equal at this instant; one that still holds then changes a millisecond later.
  const later = inclusive === ends ? 1 : 0
  return (row) => {
    const instant = of(row)
    if (typeof instant !== 'number') return Number.POSITIVE_INFINITY
    const equal = shift === null ? instant : addInterval(instant, shift, direction === 1 ? -1 : 1)
    // NaN stands for what is beyond all calendars.
    return Number.isNaN(equal) ? Number.POSITIVE_INFINITY : equal + later
  }
}

function boundOf(expression: Expression): NowBound | undefined {
  if (expression.type !== 'comparison') return undefined
  const { left, right, operator } = expression
  if (operator === '=' || operator === '<>') return undefined
  const onRight = movedNow(right)
  const moved = onRight ?? movedNow(left)
  if (moved === undefined) return undefined
  const greater = operator === '>' || operator === '>='
  return {
    value: onRight === undefined ? right : left,
    ...moved,
    ends: greater === (onRight !== undefined),
    inclusive: operator.length === 2,
  }
}

function movedNow(expression: Expression): Pick<NowBound, 'shift' | 'direction'> | undefined {
  if (expression.type === 'now') return { shift: null, direction: 1 }
  if (expression.type !== 'arithmetic') return undefined
  const { left, right, operator } = expression
  if (left.type === 'now' && right.type === 'interval') {
    return { shift: right.value, direction: operator === '-' ? -1 : 1 }
  }
  return left.type === 'interval' && right.type === 'now' ? { shift: left.value, direction: 1 } : undefined
}
