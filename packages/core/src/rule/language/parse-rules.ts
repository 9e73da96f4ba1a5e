import type { Rule } from '../ast.js'
import { type CheckOptions, checkParsedRules } from './checker.js'
import { Cursor } from './cursor.js'
import { type Diagnostic, DiagnosticList } from './diagnostics.js'
import { lex } from './lexer.js'
import { parseStatements } from './parser.js'
import { RuleError } from './rule-error.js'
import { sourceText } from './source-text.js'

export interface CheckedRules {
  /** Empty when there is an error: a rule set works as a whole or not at all. */
  readonly rules: readonly Rule[]
  /** Errors and warnings, in the order of the text. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads and checks a rule text; never throws, whatever the text is. */
export function checkRules(text: string, options: CheckOptions = {}): CheckedRules {
  const source = sourceText(text)
  const diagnostics = new DiagnosticList()
  const { tokens, problems } = lex(text)
  for (const { span, message, suggestion } of problems) {
    diagnostics.add(source, span, { code: 'syntax', message, suggestion })
  }
  const parsed = parseStatements(new Cursor(source, tokens, diagnostics))
  checkParsedRules(parsed, diagnostics, { ...options, rules: options.rules ?? [] })
  return {
    rules: diagnostics.hasErrors ? [] : parsed.map(({ rule }) => rule),
    diagnostics: diagnostics.items.toSorted((a, b) => a.span.start - b.span.start),
  }
}

/**
 * Reads a rule text.
 * @throws RuleError (`RULE_INVALID`) with every error that was found, each with line, column and caret
 * @example
 * const rules = parseRules(`CREATE RULE hot AS SELECT * FROM feedbacks
 *   WHERE safety_flags.fire ESCALATE TO safety_team WITH PRIORITY 1;`)
 */
export function parseRules(text: string, options: CheckOptions = {}): readonly Rule[] {
  const { rules, diagnostics } = checkRules(text, options)
  if (diagnostics.some(({ severity }) => severity === 'error')) throw new RuleError(diagnostics)
  return rules
}
