export type * from './ast.js'
export { stageNames } from './ast.js'
export { createMatcher, type Matcher } from './create-matcher.js'
export { type DryEntry, type DryFiring, type DryRun, type DryRunOptions, dryRun } from './dry-run.js'
export { type ExplainedPart, type Explanation, explain, printExplanation } from './explain.js'
export type { CheckOptions } from './language/action-checker.js'
export type { ActionKindSpec } from './language/action-kinds.js'
export { defineRule } from './language/define-rule.js'
export {
  type Diagnostic,
  type DiagnosticCode,
  type FormatOptions,
  formatDiagnostics,
} from './language/diagnostics.js'
export { type CheckedRules, checkRules, parseRules } from './language/parse-rules.js'
export { checkRulesJson, parseRulesJson } from './language/parse-rules-json.js'
export { printRules } from './language/printer.js'
export type {
  ActionDefinition,
  EventTimeDefinition,
  ExpressionInput,
  MatchDefinition,
  RuleDefinition,
  SelectDefinition,
  WindowDefinition,
  WithoutDefinition,
} from './language/rule-definition.js'
export { RuleError } from './language/rule-error.js'
export { type RulesDocument, rulesJsonSchema } from './language/rules-document.js'
export { rulesToJson } from './language/rules-to-json.js'
export { type EvaluateOptions, evaluate, type Predicate, parsePredicate } from './predicate.js'
export { ruleVersion } from './rule-version.js'
export type { RuleChange } from './runtime/rule-change.js'
