import type { Rule } from '../ast.js'
import { type CheckOptions, checkParsedRules } from './checker.js'
import { DiagnosticList } from './diagnostics.js'
import { buildRule } from './rule-builder.js'
import type { RuleDefinition } from './rule-definition.js'
import { RuleError } from './rule-error.js'

/**
 * Makes the rule that the same words in the rule language make. Which rules INHIBITED BY may name is checked only
 * with `options.rules`.
 * @throws RuleError (`RULE_INVALID`); its diagnostics name the part in `origin` and point into that string
 * @example
 * defineRule({
 *   name: 'compressor_batch_hold',
 *   select: { batch: 'component_batches.compressor', units: 'COUNT(DISTINCT serial_number)' },
 *   where: "fault_code IN ('E-COOL-01', 'E-COOL-02')",
 *   groupBy: ['product_model', 'component_batches.compressor'],
 *   window: { sliding: '24 hours' },
 *   having: 'COUNT(DISTINCT serial_number) >= 5',
 *   actions: [{ kind: 'material.hold', params: { batch: 'batch', reason: "'{units} units'" }, priority: 1 }],
 * })
 */
export function defineRule(definition: RuleDefinition, options: CheckOptions = {}): Rule {
  const diagnostics = new DiagnosticList()
  const parsed = buildRule(definition, diagnostics)
  checkParsedRules([parsed], diagnostics, options)
  if (diagnostics.hasErrors) throw new RuleError(diagnostics.items)
  return parsed.rule
}
