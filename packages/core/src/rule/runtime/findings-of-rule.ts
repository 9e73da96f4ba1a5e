import type { JsonValue } from '../../json.js'
import type { Expression, Rule } from '../ast.js'
import { compile, type Evaluate, type Row, type Scope } from './compile.js'
import { compileText } from './compile-arithmetic.js'
import type { EvaluateTo } from './compiler.js'
import { isTimeKind, kindOf } from './kind.js'

/** A named value of a finding: a GROUP BY item or a SELECT item. */
export interface Fact {
  readonly name: string
  readonly evaluate: Evaluate
  /** Instants are shown as RFC 3339. */
  readonly instant: boolean
}

/** An action as a rule asks for it; its parameters become known when it fires. */
export interface ActionTemplate {
  readonly kind: string
  readonly target?: string
  readonly priority: number
  readonly params: readonly { readonly name: string; readonly evaluate: (row: Row) => JsonValue }[]
}

const defaultPriority = 5

export function factsOf(rule: Rule, scope: Scope, isGrouped: boolean): readonly Fact[] {
  const groups = rule.groupBy.map(
    (expression, index): Fact => ({
      name: nameOf(expression) ?? `group_${index + 1}`,
      evaluate: (row) => row.group[index] ?? null,
      instant: isTimeKind(kindOf(expression, scope)),
    }),
  )
  const select = rule.select === '*' ? [] : rule.select
  const items = select.map(
    ({ expression, alias }, index): Fact => ({
      name: alias ?? nameOf(expression) ?? `column_${index + 1}`,
      evaluate: compile(expression, scope),
      instant: isTimeKind(kindOf(expression, scope)),
    }),
  )
  return isGrouped ? [...groups, ...items] : items
}

export function actionTemplates(rule: Rule, scope: Scope): readonly ActionTemplate[] {
  return rule.actions.map((action) => ({
    kind: action.kind,
    ...(action.target === undefined ? {} : { target: action.target }),
    priority: action.priority ?? defaultPriority,
    params: Object.entries(action.params).map(([name, value]) => ({
      name,
      evaluate: parameter(value, scope),
    })),
  }))
}

/** A text may hold `{name}` placeholders: aliases, grouped columns, or columns of the feedback. */
function parameter(expression: Expression, scope: Scope): (row: Row) => JsonValue {
  if (expression.type !== 'literal' || typeof expression.value !== 'string') return shown(expression, scope)
  const text = expression.value
  if (!text.includes('{')) return () => text
  const compiler = { scope, value: (part: Expression) => compile(part, scope) }
  const placeholders = new Map<string, EvaluateTo<string>>()
  for (const [, name = ''] of text.matchAll(placeholder)) {
    const column: Expression = { type: 'column', path: name.split('.'), span: expression.span }
    placeholders.set(name, compileText(column, compiler))
  }
  return (row) => text.replace(placeholder, (_, name: string) => placeholders.get(name)?.(row) ?? '?')
}

/** Instants are shown as RFC 3339. */
function shown(expression: Expression, scope: Scope): (row: Row) => JsonValue {
  const evaluate = compile(expression, scope)
  if (!isTimeKind(kindOf(expression, scope))) return evaluate
  return (row) => {
    const value = evaluate(row)
    return typeof value === 'number' ? new Date(value).toISOString() : value
  }
}

const placeholder = /\{([\p{L}_][\p{L}\p{N}_.]*)\}/gu

function nameOf(expression: Expression): string | undefined {
  return expression.type === 'column' ? expression.path.join('.') : undefined
}
