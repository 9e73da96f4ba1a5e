import type { Expression, Rule } from '../../ast.js'
import { childrenOf } from '../../language/expression-tree.js'
import { intervalMilliseconds } from '../../language/interval.js'
import type { InputSpec } from '../aggregate/aggregate-plan.js'
import { compile, type Evaluate, rowScope, type Scope } from '../compile.js'
import { conjuncts } from '../expressions.js'
import { withoutStep } from './step-columns.js'

/** A condition between steps that can be looked up: the new feedback's value is the same as one known before. */
interface Join {
  readonly own: Evaluate
  readonly known: Evaluate
}

/** What a feedback must be to be the next step of a match that is under way. */
export interface NextStep {
  /** Index among the pattern's steps. */
  readonly step: number
  readonly joins: readonly Join[]
  /** Conditions between steps that no look-up answers. */
  readonly residual: readonly Evaluate[]
}

/** What a feedback alone must be to be a step, and which of its values are kept. */
export interface StepSelector {
  readonly step: number
  readonly where: Expression | undefined
  readonly inputs: readonly InputSpec[]
}

export interface PatternPlan {
  /** In order of time; the first step begins a match. */
  readonly names: readonly string[]
  /** How each step from the second on continues a match. */
  readonly next: readonly NextStep[]
  /** First step to last (ms); Infinity for a single step. */
  readonly within: number
  readonly without: { readonly next: NextStep; readonly within: number } | undefined
  /** Resolves columns such as `a.serial_number`; what it is asked for is kept of each step. */
  readonly scope: Scope
  /** Known once everything has been compiled that may ask for columns. */
  selectors(): readonly StepSelector[]
}

/** Values that are kept of every step, first in its list: what a finding is about. */
const keptOfEveryStep = ['feedback_id', 'product_model', 'fault_code', 'severity_score'] as const

/** A rule with MATCH or WITHOUT, taken apart: what one feedback decides, and what two of them decide together. */
export function patternPlan(rule: Rule): PatternPlan | undefined {
  const { match, without, where } = rule
  if (match === undefined && without === undefined) return undefined
  // Without MATCH the feedback that WHERE finds is the only step, and has no name.
  const positive = match?.steps ?? ['']
  const names = without === undefined ? positive : [...positive, without.step]
  const columns: Expression[][] = names.map(() => keptOfEveryStep.map((name) => column([name])))
  const scope = stepScope(names, columns)
  const alone: Expression[][] = names.map(() => [])
  const between: Expression[][] = names.map(() => [])
  const sort = (condition: Expression | undefined, fallback: number): void => {
    for (const conjunct of conjuncts(condition)) {
      const steps = stepsIn(conjunct, names)
      const last = steps.size === 0 ? fallback : Math.max(...steps)
      const among = steps.size < 2 ? alone : between
      among[last]?.push(steps.size < 2 ? withoutStep(conjunct, names[last] ?? '') : conjunct)
    }
  }
  sort(match === undefined ? where : match.where, 0)
  sort(without?.where, names.length - 1)
  const next = names.map((_, step) => nextStep(step, between[step] ?? [], names, scope))
  const absent = next.at(-1)
  return {
    names,
    next: next.slice(1, positive.length),
    within: match?.within === undefined ? Number.POSITIVE_INFINITY : intervalMilliseconds(match.within),
    without:
      without === undefined || absent === undefined
        ? undefined
        : { next: absent, within: intervalMilliseconds(without.within) },
    scope,
    selectors: () =>
      names.map((_, step) => ({
        step,
        where: conjunction(alone[step] ?? []),
        inputs: (columns[step] ?? []).map((argument) => ({ argument })),
      })),
  }
}

const nowhere = { start: 0, end: 0 }
const column = (path: readonly string[]): Expression => ({ type: 'column', path, span: nowhere })

function conjunction(parts: readonly Expression[]): Expression | undefined {
  return parts.reduce<Expression | undefined>(
    (left, right) => (left === undefined ? right : { type: 'and', left, right, span: right.span }),
    undefined,
  )
}

/** Indexes of the steps that an expression looks at. */
function stepsIn(
  expression: Expression,
  names: readonly string[],
  into = new Set<number>(),
): ReadonlySet<number> {
  if (expression.type === 'column') into.add(stepOf(expression.path, names))
  for (const child of childrenOf(expression)) stepsIn(child, names, into)
  return into
}

/** Only the nameless step has columns that stand alone. */
function stepOf(path: readonly string[], names: readonly string[]): number {
  return path.length < 2 ? 0 : Math.max(0, names.indexOf(path[0] ?? ''))
}

function stepScope(names: readonly string[], columns: readonly Expression[][]): Scope {
  const indexes = columns.map(
    (own) => new Map(own.map((one, index) => [one.type === 'column' ? JSON.stringify(one.path) : '', index])),
  )
  const columnPath = (path: readonly string[]): readonly string[] =>
    // A name that stands alone in a rule with MATCH is an alias.
    path.length < 2 || names[stepOf(path, names)] === '' ? path : path.slice(1)
  return {
    ...rowScope,
    columnPath,
    stepColumn(path) {
      const step = stepOf(path, names)
      const own = columnPath(path)
      const known = indexes[step]
      const key = JSON.stringify(own)
      const index = known?.get(key) ?? columns[step]?.length ?? 0
      if (known?.has(key) === false) {
        known.set(key, index)
        columns[step]?.push(column(own))
      }
      return (row) => row.steps?.[step]?.[index] ?? null
    },
  }
}

function nextStep(
  step: number,
  conditions: readonly Expression[],
  names: readonly string[],
  scope: Scope,
): NextStep {
  const joins: Join[] = []
  const residual: Evaluate[] = []
  for (const condition of conditions) {
    const sides = joined(condition, step, names)
    if (sides === undefined) residual.push(compile(condition, scope))
    else joins.push({ own: compile(sides.own, scope), known: compile(sides.known, scope) })
  }
  return { step, joins, residual }
}

/** The sides of `b.serial_number = a.serial_number`, when one is of that step alone and the other of earlier ones. */
function joined(
  condition: Expression,
  step: number,
  names: readonly string[],
): { readonly own: Expression; readonly known: Expression } | undefined {
  if (condition.type !== 'comparison' || condition.operator !== '=') return undefined
  const { left, right } = condition
  const isOwn = (side: Expression): boolean => {
    const steps = stepsIn(side, names)
    return steps.size === 1 && steps.has(step)
  }
  // Two columns: whatever else may meet here (an instant and a text) is compared, not looked up.
  if (left.type !== 'column' || right.type !== 'column') return undefined
  if (isOwn(left) && !stepsIn(right, names).has(step)) return { own: left, known: right }
  return isOwn(right) && !stepsIn(left, names).has(step) ? { own: right, known: left } : undefined
}
