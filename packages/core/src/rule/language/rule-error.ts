import { AndonError } from '../../errors/index.js'
import { type Diagnostic, formatDiagnostics } from './diagnostics.js'

/** Thrown for rules that cannot be used: `RULE_INVALID`, with every finding as data. */
export class RuleError extends AndonError {
  override readonly name = 'RuleError'
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter((item) => item.severity === 'error')
    super('RULE_INVALID', {
      details: { count: errors.length, report: formatDiagnostics(errors) },
      chinese: { report: formatDiagnostics(errors, 'zh') },
    })
    this.diagnostics = diagnostics
  }
}
