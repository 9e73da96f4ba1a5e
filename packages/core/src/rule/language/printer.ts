import type { Interval, MatchClause, Rule, RuleAction, WindowClause, WithoutClause } from '../ast.js'
import { printInterval } from './interval.js'
import { printExpression, printMember, printName } from './print-expression.js'
import { foldName } from './token.js'

const width = 100

/** The canonical text of rules: parsed and printed again it does not change. */
export function printRules(rules: readonly Rule[]): string {
  return rules.map((rule) => `${printRule(rule)}\n`).join('\n')
}

function printRule(rule: Rule): string {
  const stage = rule.stage === undefined ? '' : ` FOR STAGE ${rule.stage}`
  const lines = [`CREATE RULE ${printName(rule.name)}${stage} AS`, printSelect(rule), 'FROM feedbacks']
  if (rule.where !== undefined) lines.push(`WHERE ${conjuncts(rule.where).join('\n  AND ')}`)
  if (rule.match !== undefined) lines.push(...printPattern('MATCH', rule.match.steps, rule.match))
  if (rule.without !== undefined) lines.push(...printPattern('WITHOUT', [rule.without.step], rule.without))
  if (rule.groupBy.length > 0) lines.push(`GROUP BY ${rule.groupBy.map(printExpression).join(', ')}`)
  if (rule.window !== undefined) lines.push(printWindow(rule.window))
  if (rule.having !== undefined) lines.push(`HAVING ${conjuncts(rule.having).join('\n  AND ')}`)
  if (rule.resolveWhen !== undefined)
    lines.push(`RESOLVE WHEN ${conjuncts(rule.resolveWhen).join('\n  AND ')}`)
  if (rule.holdFor !== undefined) lines.push(`FOR ${length(rule.holdFor)}`)
  if (rule.keepFiringFor !== undefined) lines.push(`KEEP FIRING FOR ${length(rule.keepFiringFor)}`)
  if (rule.oncePer !== undefined) lines.push(`ONCE PER ${length(rule.oncePer)}`)
  if (rule.inhibitedBy !== undefined) lines.push(`INHIBITED BY ${rule.inhibitedBy.map(printName).join(', ')}`)
  lines.push(...printActions(rule.actions))
  return `${lines.join('\n')};`
}

const length = (interval: Interval): string => `INTERVAL '${printInterval(interval)}'`

function printPattern(
  keyword: string,
  steps: readonly string[],
  { where, within }: MatchClause | WithoutClause,
): readonly string[] {
  const lines = [`${keyword} (${steps.map(printName).join(', ')})`]
  if (where !== undefined) lines.push(`  WHERE ${conjuncts(where).join('\n    AND ')}`)
  if (within !== undefined) lines.push(`  WITHIN ${length(within)}`)
  return lines
}

function printWindow(window: WindowClause): string {
  if (window.kind === 'count') return `WINDOW COUNT ${window.count}`
  const { kind, size, lateness, final } = window
  const eventTime = lateness === undefined ? '' : ` ON EVENT TIME LATENESS ${length(lateness)}`
  return `WINDOW ${kind.toUpperCase()} ${length(size)}${eventTime}${final === true ? ' EMIT FINAL' : ''}`
}

function printSelect({ select }: Rule): string {
  if (select === '*') return 'SELECT *'
  const items = select.map(({ expression, alias }) =>
    alias === undefined
      ? printExpression(expression)
      : `${printExpression(expression)} AS ${printName(alias)}`,
  )
  return wrapped('SELECT ', items, '')
}

/** Every top-level AND begins a line; what stands between them keeps its own parentheses. */
function conjuncts(expression: Rule['where'] & {}): readonly string[] {
  const parts: string[] = []
  let rest = expression
  while (rest.type === 'and') {
    parts.unshift(inConjunction(rest.right))
    rest = rest.left
  }
  parts.unshift(parts.length === 0 ? printExpression(rest) : inConjunction(rest))
  return parts
}

function inConjunction(expression: Rule['where'] & {}): string {
  const text = printExpression(expression)
  return expression.type === 'or' || expression.type === 'and' ? `(${text})` : text
}

function printActions(actions: readonly RuleAction[]): readonly string[] {
  const lines: string[] = []
  let inThen = false
  for (const action of actions) {
    const team = escalationTeam(action)
    if (team !== undefined) {
      lines.push(`ESCALATE TO ${printName(team)}${priority(action)}`)
      inThen = false
      continue
    }
    if (inThen) lines.push(`${lines.pop()},`)
    lines.push(`${inThen ? '  ' : 'THEN '}${printCall(action)}`)
    inThen = true
  }
  return lines
}

/** The team, if the action can be written with ESCALATE TO. */
function escalationTeam({ kind, params, target }: RuleAction): string | undefined {
  const names = Object.keys(params)
  const to = params.to
  if (kind !== 'escalate' || names.length !== 1 || target !== undefined || to?.type !== 'literal')
    return undefined
  return typeof to.value === 'string' && to.value !== '' ? to.value : undefined
}

const priority = (action: RuleAction): string =>
  action.priority === undefined ? '' : ` WITH PRIORITY ${action.priority}`

function printCall(action: RuleAction): string {
  const params = Object.entries(action.params).map(
    ([name, value]) => `${printParameter(name)} = ${printExpression(value)}`,
  )
  const [first = '', ...others] = action.kind.split('.')
  const kind = [printName(first), ...others.map(printParameter)].join('.')
  const target = action.target === undefined ? '' : ` ON ${printName(action.target)}`
  return `${wrapped(`${kind} (`, params, ')')}${target}${priority(action)}`
}

/** Parameters may be keywords, such as `from` and `to`; they are folded as every bare name is. */
const printParameter = (name: string): string =>
  name === foldName(name) ? printMember(name) : printName(name)

/** On one line if it fits, else each item on its own. */
function wrapped(before: string, items: readonly string[], after: string): string {
  const line = `${before}${items.join(', ')}${after}`
  if (line.length <= width || items.length < 2) return line
  return `${before.trimEnd()}\n${items.map((item) => `    ${item}`).join(',\n')}${after === '' ? '' : `\n  ${after}`}`
}
