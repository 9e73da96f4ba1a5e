import type { ArithmeticOperator, ComparisonOperator, Expression } from '../ast.js'

/**
 * How strongly each form binds, weakest first.
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-PRECEDENCE
 */
export const power = {
  or: 1,
  and: 2,
  not: 3,
  is: 4,
  comparison: 5,
  range: 6,
  concatenation: 7,
  sum: 8,
  product: 9,
  zone: 10,
  negate: 11,
  operand: 12,
} as const

export const comparisonOperators: ReadonlyMap<string, ComparisonOperator> = new Map(
  (['=', '<>', '<', '<=', '>', '>='] as const).map((operator) => [operator, operator]),
)

export const arithmeticOperators: ReadonlyMap<
  string,
  { readonly operator: ArithmeticOperator; readonly power: number }
> = new Map([
  ['||', { operator: '||', power: power.concatenation }],
  ['+', { operator: '+', power: power.sum }],
  ['-', { operator: '-', power: power.sum }],
  ['*', { operator: '*', power: power.product }],
  ['/', { operator: '/', power: power.product }],
  ['%', { operator: '%', power: power.product }],
])

export function powerOf(expression: Expression): number {
  switch (expression.type) {
    case 'or':
      return power.or
    case 'and':
      return power.and
    case 'not':
      return power.not
    case 'is-null':
    case 'is-distinct':
      return power.is
    case 'comparison':
    case 'quantified':
      return power.comparison
    case 'between':
    case 'in':
    case 'like':
      return power.range
    case 'arithmetic':
      return arithmeticOperators.get(expression.operator)?.power ?? power.sum
    case 'call':
      return zonedOf(expression) === undefined ? power.operand : power.zone
    case 'negate':
      return power.negate
    case 'literal':
      // A negative number is written with the unary minus.
      return typeof expression.value === 'number' && expression.value < 0 ? power.negate : power.operand
    default:
      return power.operand
  }
}

/** The parts of `instant AT TIME ZONE 'zone'`; undefined when a call must be written as one. */
export function zonedOf({
  name,
  args,
}: Expression & { type: 'call' }): { readonly zone: string; readonly instant: Expression } | undefined {
  const [zone, instant] = args
  if (name !== 'TIMEZONE' || args.length !== 2 || zone?.type !== 'literal' || instant === undefined)
    return undefined
  return typeof zone.value === 'string' ? { zone: zone.value, instant } : undefined
}
