import type { Expression, Rule } from '../ast.js'
import { columnNames } from './columns.js'
import type { DiagnosticList } from './diagnostics.js'
import { childrenOf } from './expression-tree.js'
import type { SourceText } from './source-text.js'
import { columnAt, type StepScope } from './steps.js'
import { candidateRank, candidates, suggest } from './suggest.js'

/** What `{…}` in the texts of a rule's actions may stand for. */
export interface Placeholders {
  isKnown(name: string): boolean
  /** Every name, for suggestions: aliases first. */
  names(): readonly string[]
}

/** Aliases, then columns that have one value: those of the group, or every one of the feedback or the steps. */
export function placeholdersOf(
  rule: Rule,
  aliases: ReadonlySet<string>,
  steps: StepScope | undefined,
  isGrouped: boolean,
): Placeholders {
  const groupColumns = (): readonly string[] =>
    rule.groupBy.flatMap((key) => (key.type === 'column' ? [key.path.join('.')] : []))
  const columns = (): readonly string[] =>
    steps === undefined || steps.bare
      ? columnNames
      : [...steps.names].flatMap((step) => columnNames.map((name) => `${step}.${name}`))
  return {
    isKnown: (name) => {
      if (aliases.has(name)) return true
      if (isGrouped) return groupColumns().includes(name)
      const path = name.split('.')
      const [first = ''] = path
      const mayBe = steps === undefined || steps.bare || steps.names.has(first)
      return mayBe && columnAt(path, steps?.names) !== undefined
    },
    names: () => [...aliases, ...(isGrouped ? groupColumns() : columns())],
  }
}

const placeholder = /\{([\p{L}_][\p{L}\p{M}\p{N}_.]*)\}/gu

/** Reports `{placeholders}` in a parameter's texts that stand for nothing. */
export function checkPlaceholders(
  expression: Expression,
  placeholders: Placeholders,
  source: SourceText,
  diagnostics: DiagnosticList,
): void {
  if (expression.type === 'literal' && typeof expression.value === 'string') {
    for (const [whole, name = ''] of expression.value.matchAll(placeholder)) {
      if (placeholders.isKnown(name)) continue
      const written = source.text.indexOf(whole, expression.span.start)
      const found = written >= 0 && written < expression.span.end
      const span = found ? { start: written, end: written + whole.length } : expression.span
      const meant = suggest(name, candidates(placeholders.names(), candidateRank.field))
      diagnostics.add(source, span, {
        code: 'unknown-name',
        message: {
          en: `the placeholder ${whole} stands for no SELECT alias or column of this rule`,
          zh: `占位符 ${whole} 不对应本规则的任何 SELECT 别名或列`,
        },
        suggestion: meant === undefined ? undefined : `{${meant}}`,
      })
    }
  }
  for (const child of childrenOf(expression)) checkPlaceholders(child, placeholders, source, diagnostics)
}
