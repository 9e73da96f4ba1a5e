import type { FeedbackRecord } from '../feedback/schema.js'
import type { Expression } from './ast.js'
import { Cursor, SyntaxStop } from './language/cursor.js'
import { DiagnosticList } from './language/diagnostics.js'
import { checkEnumerations } from './language/enumerations.js'
import { parseExpression } from './language/expression-parser.js'
import { lex } from './language/lexer.js'
import { checkAggregates, checkNow } from './language/placement-checker.js'
import { RuleError } from './language/rule-error.js'
import { sourceText } from './language/source-text.js'
import { expectType } from './language/type-checker.js'
import { compile, type Evaluate } from './runtime/compile.js'

/** A condition over one feedback, as it may stand in WHERE, ready to be asked. */
export interface Predicate {
  readonly text: string
  readonly expression: Expression
}

export interface EvaluateOptions {
  /** What NOW() is (epoch ms). */
  readonly now: number
}

const compiled = new WeakMap<Expression, Evaluate>()

/**
 * Reads a condition: what a rule would have behind WHERE.
 *
 * @throws RuleError (`RULE_INVALID`) with every error that was found, each with line, column and caret
 * @example
 * const hot = parsePredicate("severity_score > 8 AND product_line = '高端系列'")
 * evaluate(hot, feedback, { now: Date.now() }) // true, false or null (unknown)
 */
export function parsePredicate(text: string): Predicate {
  const source = sourceText(text)
  const diagnostics = new DiagnosticList()
  const { tokens, problems } = lex(text)
  for (const { span, message, suggestion } of problems) {
    diagnostics.add(source, span, { code: 'syntax', message, suggestion })
  }
  const expression = read(new Cursor(source, tokens, diagnostics))
  if (expression !== undefined) {
    const scope = { source, diagnostics, aliases: new Map() }
    checkAggregates(expression, 'WHERE', scope)
    expectType(expression, 'boolean', scope)
    checkNow(expression, true, scope)
    checkEnumerations(expression, scope)
  }
  if (expression === undefined || diagnostics.hasErrors) throw new RuleError(diagnostics.items)
  return { text, expression }
}

/** Whether the condition holds for a feedback; null is SQL's unknown. */
export function evaluate(
  { expression }: Predicate,
  feedback: FeedbackRecord,
  { now }: EvaluateOptions,
): boolean | null {
  return truthOf(expression, feedback, now)
}

/** The truth of one condition; closures are made once for each tree. */
export function truthOf(expression: Expression, feedback: FeedbackRecord, now: number): boolean | null {
  let test = compiled.get(expression)
  if (test === undefined) {
    test = compile(expression)
    compiled.set(expression, test)
  }
  const value = test({ feedback, now, group: [], aggregates: [] })
  return typeof value === 'boolean' ? value : null
}

function read(cursor: Cursor): Expression | undefined {
  try {
    const expression = parseExpression(cursor)
    if (!cursor.atEnd) cursor.fail()
    return expression
  } catch (problem) {
    if (!(problem instanceof SyntaxStop)) throw problem
    return undefined
  }
}
