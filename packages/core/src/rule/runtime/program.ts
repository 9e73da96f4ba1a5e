import type { JsonValue } from '../../json.js'
import type { Expression, Rule } from '../ast.js'
import { keyOf } from '../language/expression-tree.js'
import { intervalMilliseconds } from '../language/interval.js'
import type { AggregateSpec } from './accumulator.js'
import { isInstantColumn } from './columns.js'
import { compile, type Evaluate, type Row, rowScope, type Scope, withoutAliases } from './compile.js'
import { collectAggregates, lowerBoundOnly } from './expressions.js'

/** A named value of a finding: a GROUP BY item or a SELECT item. */
interface Fact {
  readonly name: string
  readonly evaluate: Evaluate
  /** Instants are shown as RFC 3339. */
  readonly instant: boolean
}

export interface ActionTemplate {
  readonly kind: string
  readonly target?: string
  readonly priority: number
  readonly params: readonly { readonly name: string; readonly evaluate: (row: Row) => JsonValue }[]
}

/** Grouping and time of a rule that looks at more than one feedback. */
export interface Grouping {
  readonly by: readonly Evaluate[]
  readonly aggregates: readonly AggregateSpec[]
  readonly having: Evaluate | undefined
  readonly window: 'sliding' | 'tumbling'
  readonly size: number
  /** Losing old entries can make the condition true (AVG, MIN, upper bounds): it must be looked at on every expiry. */
  readonly risesByExpiry: boolean
}

/** A rule made ready to run. */
export interface Program {
  readonly rule: Rule
  /** Changes when the rule's meaning changes: state of another version is not taken over. */
  readonly version: string
  readonly where: Evaluate | undefined
  readonly grouping: Grouping | undefined
  /** Milliseconds between two firings of one group. */
  readonly oncePer: number | undefined
  readonly facts: readonly Fact[]
  readonly actions: readonly ActionTemplate[]
}

const defaultPriority = 5

/** Without WINDOW a grouped rule looks back this far: unbounded state is not on offer. */
const defaultWindow = 7 * 86_400_000

export function program(rule: Rule): Program {
  const aggregates = collectAggregates(rule)
  const grouped =
    rule.groupBy.length > 0 || rule.window !== undefined || rule.having !== undefined || aggregates.length > 0
  const scope = grouped ? groupScope(rule, aggregates) : selectScope(rule)
  const select = rule.select === '*' ? [] : rule.select
  const groupFacts = rule.groupBy.map(
    (expression, index): Fact => ({
      name: nameOf(expression) ?? `group_${index + 1}`,
      evaluate: (row) => row.group[index] ?? null,
      instant: isInstantFact(expression),
    }),
  )
  const selectFacts = select.map(
    ({ expression, alias }, index): Fact => ({
      name: alias ?? nameOf(expression) ?? `column_${index + 1}`,
      evaluate: compile(expression, withoutAliases(scope)),
      instant: isInstantFact(expression),
    }),
  )
  return {
    rule,
    version: versionOf(rule),
    where: rule.where && compile(rule.where, rowScope),
    grouping: grouped ? grouping(rule, aggregates, scope) : undefined,
    oncePer: rule.oncePer && intervalMilliseconds(rule.oncePer),
    facts: grouped ? [...groupFacts, ...selectFacts] : selectFacts,
    actions: rule.actions.map((action) => ({
      kind: action.kind,
      ...(action.target === undefined ? {} : { target: action.target }),
      priority: action.priority ?? defaultPriority,
      params: Object.entries(action.params).map(([name, value]) => ({
        name,
        evaluate: parameter(value, scope),
      })),
    })),
  }
}

function grouping(rule: Rule, aggregates: readonly AggregateExpression[], scope: Scope): Grouping {
  return {
    by: rule.groupBy.map((expression) => compile(expression, rowScope)),
    aggregates: aggregates.map(({ name, distinct, argument }) => ({
      name,
      distinct,
      argument: argument && compile(argument, rowScope),
    })),
    having: rule.having && compile(rule.having, scope),
    window: rule.window?.kind === 'tumbling' ? 'tumbling' : 'sliding',
    size:
      rule.window === undefined || rule.window.kind === 'count'
        ? defaultWindow
        : intervalMilliseconds(rule.window.size),
    risesByExpiry: rule.having !== undefined && !lowerBoundOnly(rule.having),
  }
}

type AggregateExpression = Expression & { type: 'aggregate' }

function groupScope(rule: Rule, aggregates: readonly AggregateExpression[]): Scope {
  const groupKeys = rule.groupBy.map(keyOf)
  const aggregateKeys = aggregates.map(keyOf)
  return {
    groupIndex: (expression) => groupKeys.indexOf(keyOf(expression)),
    aggregateIndex: (expression) => aggregateKeys.indexOf(keyOf(expression)),
    alias: aliasOf(rule),
  }
}

function selectScope(rule: Rule): Scope {
  return { ...rowScope, alias: aliasOf(rule) }
}

function aliasOf(rule: Rule): (name: string) => Expression | undefined {
  const select = rule.select === '*' ? [] : rule.select
  return (name) => select.find((item) => item.alias === name)?.expression
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

function isInstantFact(expression: Expression): boolean {
  return expression.type === 'column' && isInstantColumn(expression.path)
}

/** The condition's meaning as text: what it does with its findings may change without losing its windows. */
function versionOf({ where, groupBy, window, having, select }: Rule): string {
  const names = select === '*' ? [] : select.map(({ expression }) => keyOf(expression))
  return [where && keyOf(where), groupBy.map(keyOf), window, having && keyOf(having), names]
    .map((part) => JSON.stringify(part ?? null))
    .join('|')
}
