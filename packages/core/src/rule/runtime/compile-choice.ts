import type { Expression, FunctionName } from '../ast.js'
import type { Evaluate, Row } from './compile.js'
import { anyTime, type Compiler, type EvaluateTo, operand } from './compiler.js'
import { compare } from './value.js'

/** Functions that give one of their arguments back. */
type Choice = 'COALESCE' | 'NULLIF' | 'GREATEST' | 'LEAST'
const choices: ReadonlySet<string> = new Set<Choice>(['COALESCE', 'NULLIF', 'GREATEST', 'LEAST'])

export const isChoice = (name: FunctionName): name is Choice => choices.has(name)

/** @param order of two arguments, below, at or above zero; null when they cannot be compared */
export function compileChoice<T>(
  name: Choice,
  args: readonly EvaluateTo<T>[],
  order: (a: T, b: T) => number | null,
): EvaluateTo<T> {
  switch (name) {
    case 'COALESCE':
      return (row) => {
        for (const argument of args) {
          const value = argument(row)
          if (value !== null) return value
        }
        return null
      }
    case 'NULLIF': {
      const [first = nothing, second = nothing] = args
      return (row) => {
        const value = first(row)
        const other = second(row)
        return value !== null && other !== null && order(value, other) === 0 ? null : value
      }
    }
    case 'GREATEST':
      return extreme(args, (a, b) => (order(a, b) ?? 0) > 0)
    case 'LEAST':
      return extreme(args, (a, b) => (order(a, b) ?? 0) < 0)
  }
}

const nothing = (): null => null

/** NULLs are passed over; only when all are NULL, so is the extreme. */
function extreme<T>(args: readonly EvaluateTo<T>[], isBetter: (a: T, b: T) => boolean): EvaluateTo<T> {
  return (row) => {
    let best: T | null = null
    for (const argument of args) {
      const value = argument(row)
      if (value !== null && (best === null || isBetter(value, best))) best = value
    }
    return best
  }
}

/** @param branch compiles what stands behind THEN and ELSE */
export function compileCase<T>(
  expression: Expression & { type: 'case' },
  compiler: Compiler,
  branch: (value: Expression) => EvaluateTo<T>,
): EvaluateTo<T> {
  const results = expression.branches.map(({ then }) => branch(then))
  const { otherwise } = expression
  const rest = otherwise === undefined ? nothing : branch(otherwise)
  const chosen =
    expression.operand === undefined ? searched(expression, compiler) : simple(expression, compiler)
  return (row) => (results[chosen(row)] ?? rest)(row)
}

/** The index of the first branch whose condition is true; -1 when none is. */
function searched({ branches }: Expression & { type: 'case' }, compiler: Compiler): (row: Row) => number {
  const conditions = branches.map(({ when }) => compiler.value(when))
  return (row) => {
    let index = 0
    for (const condition of conditions) {
      if (condition(row) === true) return index
      index++
    }
    return -1
  }
}

function simple(
  { operand: subject, branches }: Expression & { type: 'case' },
  compiler: Compiler,
): (row: Row) => number {
  const whens = branches.map(({ when }) => when)
  const all = subject === undefined ? whens : [subject, ...whens]
  const asInstant = anyTime(all, compiler)
  const [value = nothing, ...candidates] = all.map((each): Evaluate => operand(each, asInstant, compiler))
  return (row) => {
    const present = value(row)
    let index = 0
    for (const other of candidates) {
      if (compare(present, other(row)) === 0) return index
      index++
    }
    return -1
  }
}
