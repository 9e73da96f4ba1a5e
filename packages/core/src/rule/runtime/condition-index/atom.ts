import type { ComparisonOperator, Expression } from '../../ast.js'
import { isInstantColumn } from '../columns.js'
import { compile, type Row, rowScope, type Scope } from '../compile.js'
import type { Value } from '../value.js'
import { likeWitness } from './like-witness.js'
import { isOrdered, nextUp, placeOf } from './number-line.js'
import { type Column, columnAndConstant, constantBeside, isTruth } from './operands.js'
import type { RowColumns } from './row-columns.js'

export type Test = (row: Row) => boolean

/** One condition without AND, OR and NOT, and how it can be looked up. `test` says whether it is true. */
export type Atom =
  | EqualAtom
  | RangeAtom
  | TextAtom
  /** Cannot be looked up. */
  | { readonly kind: 'other'; readonly test: Test }

/** The column is one of the values; NULL among them means IS NULL. */
export interface EqualAtom {
  readonly kind: 'equal'
  readonly slot: number
  readonly values: readonly Value[]
  readonly test: Test
}

/** The column is a number from `low` on and before `end`. */
export interface RangeAtom {
  readonly kind: 'range'
  readonly slot: number
  readonly low: number
  readonly end: number
  readonly test: Test
}

/** The column is a text that begins with the fragment, or holds it. */
export interface TextAtom {
  readonly kind: 'start' | 'anywhere'
  readonly slot: number
  readonly fragment: string
  /** Where the fragment is, the condition is true. */
  readonly exact: boolean
  readonly test: Test
}

/** So few values are compared faster than looked up. */
const shortList = 8

/** Makes atoms over the columns of one index. */
export class AtomMaker {
  readonly #columns: RowColumns
  /** Columns come out of the row that is being matched, where each is read once. */
  readonly #scope: Scope

  constructor(columns: RowColumns) {
    this.#columns = columns
    this.#scope = {
      ...rowScope,
      stepColumn: (path) => {
        const slot = columns.slot(path)
        return () => columns.value(slot)
      },
    }
  }

  /** An expression that holds no AND or OR of truths; false when it can never be true. */
  make(expression: Expression): Atom | false {
    switch (expression.type) {
      case 'column':
        return this.#equal(expression, [true])
      case 'not':
        // Only a column that is false makes its NOT true; other values have no truth to turn over.
        return expression.operand.type === 'column' && isTruth(expression.operand)
          ? this.#equal(expression.operand, [false])
          : this.#other(expression)
      case 'is-null':
        return !expression.negated && expression.operand.type === 'column'
          ? this.#equal(expression.operand, [null])
          : this.#other(expression)
      case 'is-distinct': {
        const sides = columnAndConstant(expression.left, expression.right)
        return expression.negated && sides !== undefined
          ? this.#equal(sides.column, [sides.value])
          : this.#other(expression)
      }
      case 'in':
        return this.#in(expression)
      case 'comparison':
        return this.#comparison(expression)
      case 'between':
        return this.#between(expression)
      case 'like':
        return this.#like(expression)
      default:
        return this.#other(expression)
    }
  }

  /** Any expression as one atom: true where the expression is true, or false when `negated`. */
  whole(expression: Expression, negated: boolean): Atom {
    return { kind: 'other', test: this.#lazily(expression, !negated) }
  }

  #equal(column: Column, values: readonly Value[]): Atom {
    return this.equal(this.#columns.slot(column.path), values)
  }

  equal(slot: number, values: readonly Value[]): EqualAtom {
    const columns = this.#columns
    // `includes` and `has` compare as PostgreSQL does here: NaN is NaN, 0 is -0, and types never mix.
    if (values.length <= shortList) {
      return { kind: 'equal', slot, values, test: () => values.includes(columns.value(slot)) }
    }
    const known = new Set(values)
    return { kind: 'equal', slot, values, test: () => known.has(columns.value(slot)) }
  }

  #range(slot: number, low: number, end: number): RangeAtom {
    const columns = this.#columns
    const test: Test = () => {
      const place = placeOf(columns.value(slot))
      return place !== undefined && place >= low && place < end
    }
    return { kind: 'range', slot, low, end, test }
  }

  #other(expression: Expression): Atom {
    return this.whole(expression, false)
  }

  /** Most conditions are proved by the index alone: closures are made for those that are asked. */
  #lazily(expression: Expression, wanted = true): Test {
    const scope = this.#scope
    let evaluate: ReturnType<typeof compile> | undefined
    return (row) => {
      evaluate ??= compile(expression, scope)
      return evaluate(row) === wanted
    }
  }

  #in(expression: Expression & { type: 'in' }): Atom | false {
    const { operand, list, negated } = expression
    if (negated || operand.type !== 'column') return this.#other(expression)
    const values: Value[] = []
    for (const item of list) {
      const constant = constantBeside(operand, item)
      if (constant === undefined) return this.#other(expression)
      if (constant.value !== null) values.push(constant.value)
    }
    return values.length > 0 && this.#equal(operand, [...new Set(values)])
  }

  #comparison(expression: Expression & { type: 'comparison' }): Atom | false {
    const sides = columnAndConstant(expression.left, expression.right)
    if (sides === undefined) return this.#other(expression)
    const { column, value, flipped } = sides
    if (value === null) return false
    const operator = flipped ? mirrored[expression.operator] : expression.operator
    if (operator === '=') return this.#equal(column, [value])
    if (operator === '<>' || !isOrdered(value)) return this.#other(expression)
    const slot = this.#columns.slot(column.path)
    const endless = Number.POSITIVE_INFINITY
    switch (operator) {
      case '>':
        return this.#range(slot, nextUp(value), endless)
      case '>=':
        return this.#range(slot, value, endless)
      case '<':
        return this.#range(slot, -endless, value)
      case '<=':
        return this.#range(slot, -endless, nextUp(value))
    }
  }

  #between(expression: Expression & { type: 'between' }): Atom | false {
    const { operand, negated } = expression
    if (negated || operand.type !== 'column') return this.#other(expression)
    const low = constantBeside(operand, expression.low)
    const high = constantBeside(operand, expression.high)
    if (low === undefined || high === undefined) return this.#other(expression)
    if (low.value === null || high.value === null) return false
    if (!isOrdered(low.value) || !isOrdered(high.value)) return this.#other(expression)
    return (
      low.value <= high.value && this.#range(this.#columns.slot(operand.path), low.value, nextUp(high.value))
    )
  }

  #like(expression: Expression & { type: 'like' }): Atom {
    const { operand, pattern, escape: escaping, insensitive, negated } = expression
    if (negated || operand.type !== 'column' || isInstantColumn(operand.path)) return this.#other(expression)
    if (pattern.type !== 'literal' || typeof pattern.value !== 'string') return this.#other(expression)
    const witness = likeWitness(pattern.value, escaping, insensitive)
    if (witness === undefined) return this.#other(expression)
    const slot = this.#columns.slot(operand.path)
    if (witness.kind === 'equal') return this.equal(slot, [witness.text])
    const { kind, fragment, exact } = witness
    const test = this.#lazily(expression)
    return { kind, slot: insensitive ? this.#columns.folded(slot) : slot, fragment, exact, test }
  }
}

const mirrored: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}
