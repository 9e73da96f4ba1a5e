import type { JsonValue } from '../../json.js'
import type { Expression, Rule } from '../ast.js'
import { compile, type Evaluate, type Row, type Scope, withoutAliases } from './compile.js'
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
  const itemScope = withoutAliases(scope)
  const items = select.map(
    ({ expression, alias }, index): Fact => ({
      name: alias ?? nameOf(expression) ?? `column_${index + 1}`,
      evaluate: compile(expression, itemScope),
      instant: isTimeKind(kindOf(expression, itemScope)),
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

/** Text literals may hold `{name}` placeholders: aliases, grouped columns, or columns of the feedback. */
function parameter(expression: Expression, scope: Scope): (row: Row) => JsonValue {
  if (expression.type !== 'literal' || typeof expression.value !== 'string') return compile(expression, scope)
  const text = expression.value
  if (!text.includes('{')) return () => text
  const placeholders = new Map<string, Evaluate>()
  for (const [, name = ''] of text.matchAll(placeholder)) {
    placeholders.set(name, compile({ type: 'column', path: name.split('.'), span: expression.span }, scope))
  }
  return (row) => text.replace(placeholder, (_, name: string) => String(placeholders.get(name)?.(row) ?? '?'))
}

const placeholder = /\{([\p{L}_][\p{L}\p{N}_.]*)\}/gu

function nameOf(expression: Expression): string | undefined {
  return expression.type === 'column' ? expression.path.join('.') : undefined
}
