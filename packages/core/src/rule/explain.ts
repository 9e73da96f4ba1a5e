import type { FeedbackRecord } from '../feedback/schema.js'
import type { Locale } from '../text.js'
import type { Expression, Rule } from './ast.js'
import { childrenOf } from './language/expression-tree.js'
import { printExpression } from './language/print-expression.js'
import { type EvaluateOptions, type Predicate, truthOf } from './predicate.js'
import { columnReader, isInstantColumn, listReader } from './runtime/columns.js'
import { conjuncts } from './runtime/expressions.js'
import { type PatternPlan, patternPlan } from './runtime/pattern/pattern-plan.js'
import type { Value } from './runtime/value.js'

export interface ExplainedValue {
  readonly column: string
  /** All of them where the column is a member of a list: `conditions.quantity`. */
  readonly value: Value | readonly Value[]
}

/** One part of a condition and what became of it. */
export interface ExplainedPart {
  /** As the rule language writes it. */
  readonly text: string
  /** null is SQL's unknown: a value that it needs is missing. */
  readonly result: boolean | null
  /** The columns it looks at, in the order of the text; instants as RFC 3339, NOW() under that name. */
  readonly values: readonly ExplainedValue[]
  /** The sides of an OR, or what a step asks. */
  readonly parts?: readonly ExplainedPart[]
}

/** Why a condition holds for a feedback, or why not. */
export interface Explanation {
  /** A rule matches a feedback only when this is true; one with MATCH when the feedback fits a step. */
  readonly result: boolean | null
  /**
   * Everything that must hold, in the order of the text; empty when the rule has no WHERE. For a rule with MATCH or
   * WITHOUT one part for each step, with what the step asks of a feedback alone.
   */
  readonly parts: readonly ExplainedPart[]
}

/**
 * Takes a rule's WHERE, or a predicate, apart over one feedback: each condition with its values and its truth.
 * What GROUP BY, WINDOW and HAVING make of matching feedback is not looked at, nor what the steps of a pattern
 * must have in common.
 */
export function explain(
  subject: Rule | Predicate,
  feedback: FeedbackRecord,
  { now }: EvaluateOptions,
): Explanation {
  const pattern = 'expression' in subject ? undefined : patternPlan(subject)
  if (pattern !== undefined) return explainSteps(pattern, feedback, now)
  const where = 'expression' in subject ? subject.expression : subject.where
  return { result: truth(where, feedback, now), parts: partsOf(where, feedback, now) }
}

function explainSteps(pattern: PatternPlan, feedback: FeedbackRecord, now: number): Explanation {
  const parts = pattern.selectors().map(
    ({ step, where }): ExplainedPart => ({
      // Without MATCH the feedback that WHERE finds has no name.
      text: pattern.names[step] || 'WHERE',
      result: truth(where, feedback, now),
      values: [],
      parts: partsOf(where, feedback, now),
    }),
  )
  // The step that must stay away is no reason to match.
  const results = parts.slice(0, pattern.next.length + 1).map(({ result }) => result)
  return { result: results.includes(true) ? true : results.includes(null) ? null : false, parts }
}

const truth = (where: Expression | undefined, feedback: FeedbackRecord, now: number): boolean | null =>
  where === undefined ? true : truthOf(where, feedback, now)

function partsOf(
  where: Expression | undefined,
  feedback: FeedbackRecord,
  now: number,
): readonly ExplainedPart[] {
  return conjuncts(where).map((part) => explained(part, feedback, now))
}

function explained(expression: Expression, feedback: FeedbackRecord, now: number): ExplainedPart {
  const part: ExplainedPart = {
    text: printExpression(expression),
    result: truthOf(expression, feedback, now),
    values: [...valuesIn(expression, feedback, now)].map(([column, value]) => ({ column, value })),
  }
  if (expression.type !== 'or') return part
  return { ...part, parts: sidesOf(expression).map((side) => explained(side, feedback, now)) }
}

function sidesOf(expression: Expression): readonly Expression[] {
  return expression.type === 'or' ? [...sidesOf(expression.left), ...sidesOf(expression.right)] : [expression]
}

function valuesIn(
  expression: Expression,
  feedback: FeedbackRecord,
  now: number,
  into = new Map<string, ExplainedValue['value']>(),
): ReadonlyMap<string, ExplainedValue['value']> {
  if (expression.type === 'now') into.set('NOW()', new Date(now).toISOString())
  else if (expression.type === 'column') {
    const value = columnReader(expression.path)(feedback)
    const instant = typeof value === 'number' && isInstantColumn(expression.path)
    into.set(printExpression(expression), instant ? new Date(value).toISOString() : value)
  } else if (expression.type === 'quantified' && expression.array.type === 'column') {
    valuesIn(expression.operand, feedback, now, into)
    into.set(printExpression(expression.array), listReader(expression.array.path)(feedback))
  } else for (const child of childrenOf(expression)) valuesIn(child, feedback, now, into)
  return into
}

const marks = { true: '✓', false: '✗', null: '?' } as const
const words = {
  true: { en: 'It matches.', zh: '匹配。' },
  false: { en: 'It does not match.', zh: '不匹配。' },
  null: { en: 'It does not match: unknown, a value is missing.', zh: '不匹配：缺少值，结果未知。' },
} as const

/** An explanation as a person reads it: a line for each condition, marked ✓, ✗ or ? (unknown), with its values. */
export function printExplanation({ result, parts }: Explanation, locale: Locale): string {
  return [...parts.flatMap((part) => partLines(part, 0)), words[`${result}`][locale]].join('\n')
}

function partLines({ text, result, values, parts }: ExplainedPart, depth: number): readonly string[] {
  const shown = values.map(
    ({ column, value }) => `${column} = ${value === null ? 'NULL' : JSON.stringify(value)}`,
  )
  const behind = parts === undefined && shown.length > 0 ? `   [${shown.join(', ')}]` : ''
  return [
    `${'  '.repeat(depth)}${marks[`${result}`]} ${text}${behind}`,
    ...(parts ?? []).flatMap((part) => partLines(part, depth + 1)),
  ]
}
