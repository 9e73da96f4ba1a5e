/** What a bench rule asks of one feedback, in no engine's own words: every engine gets its own spelling of it. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | Comparison

export type Comparison =
  | { readonly field: TextField; readonly is: 'equal' | 'contains' | 'starts with'; readonly value: string }
  | { readonly field: NumberField; readonly is: 'above' | 'from' | 'below'; readonly value: number }

export type TextField =
  | 'product_line'
  | 'region'
  | 'product_model'
  | 'batch_number'
  | 'serial_number'
  | 'symptom_text'
export type NumberField = 'severity_score' | 'usage'

/** One feedback as engines without a schema take it: one level, no more than the rules ask for. */
export type Facts = Readonly<Record<TextField, string> & Record<NumberField, number>>

/** Writes a condition in a language of expressions. */
export interface Spelling {
  readonly and: string
  readonly or: string
  comparison(comparison: Comparison): string
}

export function spell(condition: Condition, spelling: Spelling): string {
  if ('all' in condition) return joined(condition.all, ` ${spelling.and} `, spelling)
  if ('any' in condition) return joined(condition.any, ` ${spelling.or} `, spelling)
  return spelling.comparison(condition)
}

function joined(parts: readonly Condition[], between: string, spelling: Spelling): string {
  return `(${parts.map((part) => spell(part, spelling)).join(between)})`
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
const operators = { equal: '=', above: '>', from: '>=', below: '<' } as const

/** As the rule language of this SDK writes it. */
const sql: Spelling = {
  and: 'AND',
  or: 'OR',
  comparison: (comparison) => {
    const field = comparison.field === 'usage' ? 'usage_at_failure.value' : comparison.field
    switch (comparison.is) {
      case 'contains':
        return `${field} LIKE ${quoted(`%${comparison.value}%`)}`
      case 'starts with':
        return `${field} LIKE ${quoted(`${comparison.value}%`)}`
      case 'equal':
        return `${field} = ${quoted(comparison.value)}`
      default:
        return `${field} ${operators[comparison.is]} ${comparison.value}`
    }
  },
}

export function ruleText(conditions: readonly Condition[]): string {
  return conditions
    .map((condition, i) => {
      const where = spell(condition, sql).replace(/^\((.*)\)$/s, '$1')
      return `CREATE RULE rule_${i} AS SELECT * FROM feedbacks WHERE ${where} ESCALATE TO team;`
    })
    .join('\n')
}
