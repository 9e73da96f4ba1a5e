import type { Rule, SelectItem } from '../ast.js'
import { buildAction } from './action-builder.js'
import { DefinitionReader } from './definition-reader.js'
import type { DiagnosticList } from './diagnostics.js'
import type { Located, ParsedRule, RulePlaces } from './parsed-rule.js'
import { buildMatch, buildWithout } from './pattern-builder.js'
import type { RuleDefinition, SelectDefinition } from './rule-definition.js'
import { buildWindow } from './window-builder.js'

/**
 * Makes a rule of its definition; what is wrong with the strings in it is reported.
 * @param prefix of the paths that name them, e.g. `rules[3].`
 */
export function buildRule(definition: RuleDefinition, diagnostics: DiagnosticList, prefix = ''): ParsedRule {
  const reader = new DefinitionReader(diagnostics, prefix)
  const select = definition.select === undefined ? undefined : buildSelect(definition.select, reader)
  const where = reader.optionalExpression(definition.where, 'where')
  const match = definition.match === undefined ? undefined : buildMatch(definition.match, reader)
  const without = definition.without === undefined ? undefined : buildWithout(definition.without, reader)
  const groupBy = (definition.groupBy ?? []).map((input, index) =>
    reader.expression(input, `groupBy[${index}]`),
  )
  const having = reader.optionalExpression(definition.having, 'having')
  const resolveWhen = reader.optionalExpression(definition.resolveWhen, 'resolveWhen')
  const window = definition.window === undefined ? undefined : buildWindow(definition.window, reader)
  const holdFor = reader.optionalLength(definition.holdFor, 'holdFor')
  const keepFiringFor = reader.optionalLength(definition.keepFiringFor, 'keepFiringFor')
  const oncePer = reader.optionalLength(definition.oncePer, 'oncePer')
  const { inhibitedBy } = definition
  const actions = definition.actions.map((action, index) => buildAction(action, `actions[${index}]`, reader))
  const name = nameOf(definition, reader)
  const rule: Rule = {
    version: 1,
    name: definition.name,
    ...(definition.stage === undefined ? {} : { stage: definition.stage }),
    select: select?.items ?? '*',
    ...(where === undefined ? {} : { where: where.expression }),
    ...(match === undefined ? {} : { match: match.clause }),
    ...(without === undefined ? {} : { without: without.clause }),
    groupBy: groupBy.map(({ expression }) => expression),
    ...(window?.clause === undefined ? {} : { window: window.clause }),
    ...(having === undefined ? {} : { having: having.expression }),
    ...(resolveWhen === undefined ? {} : { resolveWhen: resolveWhen.expression }),
    ...(holdFor?.value === undefined ? {} : { holdFor: holdFor.value }),
    ...(keepFiringFor?.value === undefined ? {} : { keepFiringFor: keepFiringFor.value }),
    ...(oncePer?.value === undefined ? {} : { oncePer: oncePer.value }),
    ...(inhibitedBy === undefined || inhibitedBy.length === 0 ? {} : { inhibitedBy }),
    actions: actions.map(({ action }) => action),
    span: { start: 0, end: 0 },
  }
  const places: RulePlaces = {
    name,
    select: select?.places ?? [],
    ...(where === undefined ? {} : { where: where.source }),
    ...(match === undefined ? {} : { match: match.places }),
    ...(without === undefined ? {} : { without: without.places }),
    groupBy: groupBy.map(({ source }) => source),
    ...(window === undefined ? {} : { window: window.places }),
    ...(having === undefined ? {} : { having: having.source }),
    ...(resolveWhen === undefined ? {} : { resolveWhen: resolveWhen.source }),
    ...(holdFor === undefined ? {} : { holdFor: holdFor.place }),
    ...(keepFiringFor === undefined ? {} : { keepFiringFor: keepFiringFor.place }),
    ...(oncePer === undefined ? {} : { oncePer: oncePer.place }),
    ...(inhibitedBy === undefined
      ? {}
      : { inhibitedBy: inhibitedBy.map((other, index) => reader.whole(other, `inhibitedBy[${index}]`)) }),
    actions: actions.map(({ places: place }) => place),
  }
  return { rule, places, complete: reader.complete }
}

function nameOf({ name, actions }: RuleDefinition, reader: DefinitionReader): Located {
  const place = reader.whole(name, 'name')
  if (name === '') reader.invalid(place, { en: 'a rule needs a name', zh: '规则需要名称' })
  if (actions.length === 0) {
    reader.invalid(reader.whole('[]', 'actions'), {
      en: 'a rule needs an action',
      zh: '规则至少需要一个动作',
    })
  }
  return place
}

function buildSelect(
  select: RuleDefinition['select'] & {},
  reader: DefinitionReader,
): {
  readonly items: readonly SelectItem[]
  readonly places: RulePlaces['select']
} {
  const named = isList(select)
    ? select.map((item, index) => ({ ...item, origin: `select[${index}].expression` }))
    : Object.entries(select).map(([alias, expression]) => ({
        expression,
        alias,
        origin: `select.${alias}`,
      }))
  if (named.length === 0) {
    reader.invalid(reader.whole(isList(select) ? '[]' : '{}', 'select'), {
      en: 'select needs an expression; leave it out for *',
      zh: 'select 至少需要一个表达式；若要全部列，请省略它',
    })
  }
  const built = named.map(({ expression: input, alias, origin }) => ({
    alias,
    ...reader.expression(input, origin),
  }))
  return {
    items: built.map(({ expression, alias }) =>
      alias === undefined ? { expression } : { expression, alias },
    ),
    places: built.map(({ source, alias }, index) =>
      alias === undefined ? { source } : { source, alias: reader.whole(alias, `select[${index}].alias`) },
    ),
  }
}

const isList = (select: RuleDefinition['select'] & {}): select is readonly SelectDefinition[] =>
  Array.isArray(select)
