import type { Expression, Interval } from '../ast.js'
import { addInterval, intervalMilliseconds } from '../language/interval.js'
import type { Evaluate } from './compile.js'
import { compileCase, compileChoice, isChoice } from './compile-choice.js'
import { anyTime, type Compiler, type EvaluateTo, operand } from './compiler.js'
import { inRange } from './instant-range.js'
import { addIntervals, between, negateInterval, scaleInterval } from './interval-arithmetic.js'
import { isTimeKind, isWhole, kindOf } from './kind.js'
import { dateText, instantText, intervalText } from './text-form.js'

type Arithmetic = Expression & { type: 'arithmetic' }

export function compileArithmetic(expression: Arithmetic, compiler: Compiler): Evaluate {
  const { operator, left, right } = expression
  if (operator === '||') {
    const [first, second] = [compileText(left, compiler), compileText(right, compiler)]
    return (row) => {
      const a = first(row)
      const b = second(row)
      return a === null || b === null ? null : a + b
    }
  }
  switch (kindOf(expression, compiler.scope)) {
    case 'interval':
      return compileLength(expression, compiler)
    case 'instant':
    case 'date':
      return movedInstant(expression, compiler)
    case 'plain':
      return calculated(left, operator, right, compiler)
  }
}

function calculated(
  left: Expression,
  operator: keyof typeof arithmetic,
  right: Expression,
  compiler: Compiler,
): Evaluate {
  const [first, second] = [compiler.value(left), compiler.value(right)]
  const whole = operator === '/' && isWhole(left, compiler.scope) && isWhole(right, compiler.scope)
  const calculate = whole ? wholeQuotient : arithmetic[operator]
  return (row) => {
    const a = first(row)
    const b = second(row)
    const result = typeof a === 'number' && typeof b === 'number' ? calculate(a, b) : null
    return result !== null && Number.isFinite(result) ? result : null
  }
}

/** No number comes of dividing by zero, or is too large; PostgreSQL stops the query, a rule must go on: unknown. */
const arithmetic = {
  '+': (a: number, b: number): number | null => a + b,
  '-': (a: number, b: number): number | null => a - b,
  '*': (a: number, b: number): number | null => a * b,
  '/': (a: number, b: number): number | null => (b === 0 ? null : a / b),
  '%': (a: number, b: number): number | null => (b === 0 ? null : a % b),
}

const wholeQuotient = (a: number, b: number): number | null => (b === 0 ? null : Math.trunc(a / b))

/** `instant ± interval` by the calendar: a month is not 30 days. */
function movedInstant({ operator, left, right }: Arithmetic, compiler: Compiler): Evaluate {
  const swapped = !isTimeKind(kindOf(left, compiler.scope))
  const from = compiler.value(swapped ? right : left)
  const by = swapped ? left : right
  const direction = operator === '-' ? -1 : 1
  if (by.type === 'interval') {
    const length = by.value
    return (row) => {
      const instant = from(row)
      return typeof instant === 'number' ? inRange(addInterval(instant, length, direction)) : null
    }
  }
  const length = compileInterval(by, compiler)
  return (row) => {
    const instant = from(row)
    const interval = length(row)
    return typeof instant === 'number' && interval !== null
      ? inRange(addInterval(instant, interval, direction))
      : null
  }
}

/** An interval as it is compared: by its length, a month being 30 days (PostgreSQL). */
export function compileLength(expression: Expression, compiler: Compiler): Evaluate {
  const interval = compileInterval(expression, compiler)
  return (row) => {
    const value = interval(row)
    const length = value === null ? null : intervalMilliseconds(value)
    return length !== null && Number.isFinite(length) ? length : null
  }
}

/** An interval with its months, days and time apart, as instants need it. */
export function compileInterval(expression: Expression, compiler: Compiler): EvaluateTo<Interval> {
  const { scope } = compiler
  const isGroupKey = scope.groupIndex(expression) >= 0
  if (!isGroupKey && kindOf(expression, scope) === 'interval') {
    switch (expression.type) {
      case 'interval': {
        const { value } = expression
        return () => value
      }
      case 'negate': {
        const inner = compileInterval(expression.operand, compiler)
        return (row) => {
          const value = inner(row)
          return value === null ? null : negateInterval(value)
        }
      }
      case 'arithmetic':
        return intervalArithmetic(expression, compiler)
      case 'case':
        return compileCase(expression, compiler, (value) => compileInterval(value, compiler))
      case 'call':
        if (isChoice(expression.name)) {
          const args = expression.args.map((value) => compileInterval(value, compiler))
          return compileChoice(expression.name, args, compareIntervals)
        }
    }
  }
  // What went through GROUP BY, an aggregate or an attribute is a length already.
  const length = compiler.value(expression)
  return (row) => {
    const value = length(row)
    return typeof value === 'number' ? { months: 0, days: 0, milliseconds: value } : null
  }
}

const compareIntervals = (a: Interval, b: Interval): number =>
  intervalMilliseconds(a) - intervalMilliseconds(b)

function intervalArithmetic({ operator, left, right }: Arithmetic, compiler: Compiler): EvaluateTo<Interval> {
  const { scope } = compiler
  if (isTimeKind(kindOf(left, scope))) {
    const asInstant = anyTime([left, right], compiler)
    return combined(operand(left, asInstant, compiler), operand(right, asInstant, compiler), (to, from) =>
      typeof to === 'number' && typeof from === 'number' ? between(from, to) : null,
    )
  }
  if (operator === '*' || operator === '/') {
    const swapped = kindOf(left, scope) !== 'interval'
    const interval = compileInterval(swapped ? right : left, compiler)
    const factor = compiler.value(swapped ? left : right)
    return combined(interval, factor, (length, by) => {
      if (typeof by !== 'number' || (operator === '/' && by === 0)) return null
      return scaleInterval(length, operator === '*' ? (part) => part * by : (part) => part / by)
    })
  }
  const [first, second] = [compileInterval(left, compiler), compileInterval(right, compiler)]
  return combined(first, second, (a, b) => addIntervals(a, operator === '-' ? negateInterval(b) : b))
}

/** Strict: NULL for NULL. */
function combined<A, B, T>(
  left: EvaluateTo<A>,
  right: EvaluateTo<B>,
  combine: (a: NonNullable<A>, b: NonNullable<B>) => T | null,
): EvaluateTo<T> {
  return (row) => {
    const a = left(row)
    const b = right(row)
    return a === null || a === undefined || b === null || b === undefined ? null : combine(a, b)
  }
}

/** A value as `||` and CONCAT write it into a text: PostgreSQL's spelling, instants in UTC. */
export function compileText(
  expression: Expression,
  compiler: Compiler,
  truth: (value: boolean) => string = String,
): EvaluateTo<string> {
  const kind = kindOf(expression, compiler.scope)
  if (kind === 'interval') {
    const interval = compileInterval(expression, compiler)
    return (row) => {
      const value = interval(row)
      return value === null ? null : intervalText(value)
    }
  }
  const value = compiler.value(expression)
  const timeText = kind === 'date' ? dateText : kind === 'instant' ? instantText : String
  return (row) => {
    const present = value(row)
    if (typeof present === 'string' || present === null) return present
    return typeof present === 'number' ? timeText(present) : truth(present)
  }
}
