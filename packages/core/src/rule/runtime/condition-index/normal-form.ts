import type { ComparisonOperator, Expression } from '../../ast.js'
import type { Atom, AtomMaker, EqualAtom } from './atom.js'
import { isTruth } from './operands.js'

/** Everything in it must be true; an empty one is always true. */
export type Conjunction = readonly Atom[]

/**
 * One condition may be looked up in so many ways. Beyond that an OR is asked as a whole instead, so that no
 * rule's text can make the index grow by more than this.
 */
const maxConjunctions = 64

/**
 * A condition as an OR of ANDs: it is true exactly when all atoms of one conjunction are. What false and
 * unknown have in common, that the rule does not match, is not told apart. De Morgan's laws hold in
 * three-valued logic, so NOT moves down to the atoms.
 */
export function conjunctionsOf(expression: Expression, atoms: AtomMaker): readonly Conjunction[] {
  return new NormalForm(atoms).of(expression, false)
}

const hasConstantBounds = ({ low, high }: Expression & { type: 'between' }): boolean =>
  low.type === 'literal' && high.type === 'literal'

class NormalForm {
  readonly #atoms: AtomMaker

  constructor(atoms: AtomMaker) {
    this.#atoms = atoms
  }

  of(expression: Expression, negated: boolean): readonly Conjunction[] {
    switch (expression.type) {
      case 'literal':
        return expression.value === !negated ? [[]] : []
      case 'not':
        if (isTruth(expression.operand)) return this.of(expression.operand, !negated)
        break
      case 'and':
      case 'or':
        if (!isTruth(expression.left) || !isTruth(expression.right)) break
        return (expression.type === 'and') === negated
          ? this.#either(expression, negated)
          : this.#both(expression, negated)
      case 'between':
        // Only bounds that are known can be looked up; what others are compared as depends on all three together.
        if (expression.negated === negated || !hasConstantBounds(expression)) break
        return this.#outside(expression)
    }
    const atom = this.#atoms.make(negated ? opposite(expression) : expression)
    return atom === false ? [] : [[atom]]
  }

  /** NOT BETWEEN is below or above, which can be looked up. */
  #outside({ operand, low, high, span }: Expression & { type: 'between' }): readonly Conjunction[] {
    return [
      ...this.of({ type: 'comparison', operator: '<', left: operand, right: low, span }, false),
      ...this.of({ type: 'comparison', operator: '>', left: operand, right: high, span }, false),
    ]
  }

  #either(expression: Expression & { type: 'and' | 'or' }, negated: boolean): readonly Conjunction[] {
    const found = this.#mergeEqual(
      sidesOf(expression, expression.type).flatMap((side) => this.of(side, negated)),
    )
    if (found.some((conjunction) => conjunction.length === 0)) return [[]]
    return found.length <= maxConjunctions ? found : this.#asWhole(expression, negated)
  }

  /** `a = 1 OR a = 2` is `a IN (1, 2)`. */
  #mergeEqual(conjunctions: readonly Conjunction[]): readonly Conjunction[] {
    const lists = new Map<number, EqualAtom>()
    const others: Conjunction[] = []
    for (const conjunction of conjunctions) {
      const [atom, more] = conjunction
      if (atom?.kind !== 'equal' || more !== undefined) {
        others.push(conjunction)
        continue
      }
      const values = new Set([...(lists.get(atom.slot)?.values ?? []), ...atom.values])
      lists.set(atom.slot, this.#atoms.equal(atom.slot, [...values]))
    }
    return [...others, ...[...lists.values()].map((atom) => [atom])]
  }

  #both(expression: Expression & { type: 'and' | 'or' }, negated: boolean): readonly Conjunction[] {
    let found: readonly Conjunction[] = [[]]
    for (const side of sidesOf(expression, expression.type)) {
      const next = this.of(side, negated)
      if (found.length * next.length <= maxConjunctions) {
        found = found.flatMap((left) => next.map((right) => [...left, ...right]))
      } else {
        const whole = this.#asWhole(side, negated)
        found = found.flatMap((left) => whole.map((right) => [...left, ...right]))
      }
    }
    return found
  }

  #asWhole(expression: Expression, negated: boolean): readonly Conjunction[] {
    return [[this.#atoms.whole(expression, negated)]]
  }
}

/** The sides of a chain of the same operator, from left to right; chains are deep on the left. */
function sidesOf(expression: Expression, type: 'and' | 'or'): readonly Expression[] {
  const sides: Expression[] = []
  const open = [expression]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.type === type && isTruth(next.left) && isTruth(next.right)) open.push(next.right, next.left)
    else sides.push(next)
  }
  return sides
}

const inverse: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
}

/** True where the expression is false. */
function opposite(expression: Expression): Expression {
  switch (expression.type) {
    case 'comparison':
      return { ...expression, operator: inverse[expression.operator] }
    case 'between':
    case 'in':
    case 'like':
    case 'is-null':
    case 'is-distinct':
      return { ...expression, negated: !expression.negated }
    default:
      return { type: 'not', operand: expression, span: expression.span }
  }
}
