import type { ComparisonOperator, Expression } from '../ast.js'
import { columnOf, rangeOf } from './columns.js'
import { conjunctsOf, keyOf } from './expression-tree.js'
import { columnAt } from './steps.js'

type Constant = string | number | boolean

/** What is known of the values beside the expression itself. */
export interface Limits {
  readonly steps?: ReadonlySet<string> | undefined
  /** COUNT never exceeds it. */
  readonly mostEntries?: number | undefined
}

/** What is left of the values of one expression after the conditions seen so far. */
interface Possible {
  readonly low: number
  readonly lowIsOpen: boolean
  readonly high: number
  readonly highIsOpen: boolean
  /** The only values, when there are so few. */
  readonly only?: readonly Constant[]
  readonly mustBeNull: boolean
  readonly mustNotBeNull: boolean
}

interface Condition {
  readonly subject: Expression
  narrow(possible: Possible): Possible
}

/**
 * Finds the condition because of which an expression can never be true, by its constants alone:
 * `severity_score > 10`, `severity_score > 8 AND severity_score < 3`. Undefined when none is found; it may
 * still be impossible for a reason that is not looked for.
 */
export function neverTrue(expression: Expression, limits: Limits = {}): Expression | undefined {
  switch (expression.type) {
    case 'literal':
      return expression.value === true ? undefined : expression
    case 'or':
      return neverTrue(expression.left, limits) !== undefined &&
        neverTrue(expression.right, limits) !== undefined
        ? expression
        : undefined
    default:
      return contradiction(conjunctsOf(expression), limits)
  }
}

function contradiction(conjuncts: readonly Expression[], limits: Limits): Expression | undefined {
  const subjects = new Map<string, Possible>()
  for (const conjunct of conjuncts) {
    if ((conjunct.type === 'literal' || conjunct.type === 'or') && neverTrue(conjunct, limits) !== undefined)
      return conjunct
    const condition = conditionOf(conjunct)
    if (condition === undefined) continue
    const key = subjectKey(condition.subject)
    const left = condition.narrow(subjects.get(key) ?? everything(condition.subject, limits))
    if (isImpossible(left)) return conjunct
    subjects.set(key, left)
  }
  return undefined
}

/** As `keyOf`; columns are nearly all of it, and have a shorter way. */
function subjectKey(subject: Expression): string {
  if (subject.type !== 'column') return keyOf(subject)
  return JSON.stringify(columnOf(subject.path)?.name ?? subject.path)
}

function everything(subject: Expression, { steps, mostEntries }: Limits): Possible {
  const column = subject.type === 'column' ? columnAt(subject.path, steps) : undefined
  const name = subject.type === 'aggregate' ? subject.name : undefined
  const isCount = name === 'COUNT' || name === 'RATE'
  const endless = Number.POSITIVE_INFINITY
  const [low, high] =
    column?.type === 'number'
      ? rangeOf(column.name)
      : name === 'SHARE'
        ? [0, 1]
        : isCount
          ? [0, name === 'COUNT' ? (mostEntries ?? endless) : endless]
          : [-endless, endless]
  return { low, lowIsOpen: false, high, highIsOpen: false, mustBeNull: false, mustNotBeNull: isCount }
}

function isImpossible({
  low,
  lowIsOpen,
  high,
  highIsOpen,
  only,
  mustBeNull,
  mustNotBeNull,
}: Possible): boolean {
  if (mustBeNull && mustNotBeNull) return true
  const inRange = (value: Constant): boolean =>
    typeof value !== 'number' ||
    ((lowIsOpen ? value > low : value >= low) && (highIsOpen ? value < high : value <= high))
  if (only !== undefined) return !only.some(inRange)
  return low > high || (low === high && (lowIsOpen || highIsOpen))
}

const above = (possible: Possible, low: number, lowIsOpen: boolean): Possible =>
  low > possible.low || (low === possible.low && lowIsOpen) ? { ...possible, low, lowIsOpen } : possible

const below = (possible: Possible, high: number, highIsOpen: boolean): Possible =>
  high < possible.high || (high === possible.high && highIsOpen)
    ? { ...possible, high, highIsOpen }
    : possible

const among = (possible: Possible, values: readonly Constant[]): Possible => ({
  ...possible,
  only: possible.only === undefined ? values : possible.only.filter((value) => values.includes(value)),
})

const isSubject = ({ type }: Expression): boolean => type === 'column' || type === 'aggregate'

function constantOf(expression: Expression): Constant | undefined {
  return expression.type === 'literal' && expression.value !== null ? expression.value : undefined
}

/** A condition of one subject against constants; a true one also means that the subject is not NULL. */
function conditionOf(expression: Expression): Condition | undefined {
  const about: About = (subject, narrow) =>
    isSubject(subject)
      ? { subject, narrow: (possible) => narrow({ ...possible, mustNotBeNull: true }) }
      : undefined
  switch (expression.type) {
    case 'column':
      return about(expression, (possible) => among(possible, [true]))
    case 'not':
      return expression.operand.type === 'column'
        ? about(expression.operand, (possible) => among(possible, [false]))
        : undefined
    case 'is-null':
      if (expression.negated) return about(expression.operand, (possible) => possible)
      return isSubject(expression.operand)
        ? { subject: expression.operand, narrow: (possible) => ({ ...possible, mustBeNull: true }) }
        : undefined
    case 'comparison': {
      const { left, right, operator } = expression
      const flipped = !isSubject(left)
      const constant = constantOf(flipped ? left : right)
      if (constant === undefined) return undefined
      return about(flipped ? right : left, (possible) =>
        compared(possible, flipped ? mirrored[operator] : operator, constant),
      )
    }
    case 'between': {
      const [low, high] = [constantOf(expression.low), constantOf(expression.high)]
      if (expression.negated || typeof low !== 'number' || typeof high !== 'number') return undefined
      return about(expression.operand, (possible) => below(above(possible, low, false), high, false))
    }
    case 'in':
      if (expression.negated) return undefined
      return isAmong(expression.operand, expression.list, about)
    case 'quantified':
      if (expression.operator !== '=' || expression.quantifier !== 'any') return undefined
      if (expression.array.type !== 'array') return undefined
      return isAmong(expression.operand, expression.array.items, about)
    default:
      return undefined
  }
}

type About = (subject: Expression, narrow: Condition['narrow']) => Condition | undefined

function isAmong(subject: Expression, items: readonly Expression[], about: About): Condition | undefined {
  const values = items.map(constantOf).filter((value) => value !== undefined)
  return values.length < items.length ? undefined : about(subject, (possible) => among(possible, values))
}

const mirrored: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

function compared(possible: Possible, operator: ComparisonOperator, constant: Constant): Possible {
  if (operator === '=') return among(possible, [constant])
  if (operator === '<>') {
    return possible.only === undefined
      ? possible
      : { ...possible, only: possible.only.filter((value) => value !== constant) }
  }
  if (typeof constant !== 'number') return possible
  return operator === '>' || operator === '>='
    ? above(possible, constant, operator === '>')
    : below(possible, constant, operator === '<')
}
