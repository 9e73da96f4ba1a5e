import type { JsonValue } from '../../json.js'
import type { Expression, Rule, Span } from '../ast.js'
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

/** Instants are shown as RFC 3339. */
function parameter(written: Expression, scope: Scope): (row: Row) => JsonValue {
  const expression = filledIn(written)
  const evaluate = compile(expression, scope)
  if (!isTimeKind(kindOf(expression, scope))) return evaluate
  return (row) => {
    const value = evaluate(row)
    return typeof value === 'number' ? new Date(value).toISOString() : value
  }
}

/** Puts columns where texts hold `{name}` placeholders: aliases, grouped columns, or columns of the feedback. */
function filledIn(expression: Expression): Expression {
  // A tree of plain data, whatever its nodes: only texts change.
  return JSON.parse(JSON.stringify(expression), (_, node: unknown) =>
    isText(node) && node.value.includes('{') ? concatenation(node.value, node.span) : node,
  ) as Expression
}

type Text = Expression & { readonly type: 'literal'; readonly value: string }

const isText = (node: unknown): node is Text =>
  typeof node === 'object' &&
  node !== null &&
  'type' in node &&
  node.type === 'literal' &&
  'value' in node &&
  typeof node.value === 'string'

/** `a {b} c` is `'a ' || COALESCE(b || '', '?') || ' c'`: what is not known is a question mark. */
function concatenation(text: string, span: Span): Expression {
  const literal = (value: string): Expression => ({ type: 'literal', value, span })
  const joined = (left: Expression, right: Expression): Expression => ({
    type: 'arithmetic',
    operator: '||',
    left,
    right,
    span,
  })
  // Split by a pattern with one group, every second part is a name.
  return text
    .split(placeholder)
    .map((part, index): Expression => {
      if (index % 2 === 0) return literal(part)
      const column: Expression = { type: 'column', path: part.split('.'), span }
      return { type: 'call', name: 'COALESCE', args: [joined(column, literal('')), literal('?')], span }
    })
    .reduce(joined)
}

const placeholder = /\{([\p{L}_][\p{L}\p{M}\p{N}_.]*)\}/gu

function nameOf(expression: Expression): string | undefined {
  return expression.type === 'column' ? expression.path.join('.') : undefined
}
