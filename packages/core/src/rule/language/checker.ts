import type { Expression, Rule } from '../ast.js'
import { type CheckOptions, checkAction } from './action-checker.js'
import { checkCondition, neverFires, neverResolves, nothingIsThat } from './condition-checker.js'
import type { DiagnosticList } from './diagnostics.js'
import { contains, keyOf } from './expression-tree.js'
import { checkInhibitions } from './inhibition-checker.js'
import { checkLife } from './life-checker.js'
import type { ParsedRule } from './parsed-rule.js'
import { checkPatterns } from './pattern-checker.js'
import { checkPlaceholders, placeholdersOf } from './placeholder-checker.js'
import { checkAggregates, checkGrouping, checkNow } from './placement-checker.js'
import { repartitionOf } from './repartition.js'
import type { SourceText } from './source-text.js'
import type { StepScope } from './steps.js'
import { type Type, type TypeScope, typeOf } from './type-checker.js'
import { checkRates, checkWindow, checkWindowUsed } from './window-checker.js'

/** Checks rules that could be read: names, types, and what may stand where. Everything found is added to the list. */
export function checkParsedRules(
  parsed: readonly ParsedRule[],
  diagnostics: DiagnosticList,
  options: CheckOptions,
): void {
  const names = new Set<string>()
  for (const one of parsed) {
    const { name } = one.rule
    if (names.has(name)) {
      diagnostics.add(one.places.name.source, one.places.name.span, {
        code: 'duplicate',
        message: { en: `there is already a rule named ${name}`, zh: `已有名为 ${name} 的规则` },
      })
    }
    names.add(name)
    new RuleChecker(one, diagnostics, options).check()
  }
  checkInhibitions(parsed, diagnostics, options.rules)
}

class RuleChecker {
  readonly #parsed: ParsedRule
  readonly #diagnostics: DiagnosticList
  readonly #options: CheckOptions
  #aliases: ReadonlyMap<string, Type> = noAliases
  #aliasNames: ReadonlySet<string> = new Set()
  readonly #groupKeys: ReadonlySet<string>
  readonly #isGrouped: boolean
  /** What may be named outside WITHOUT; undefined in rules without patterns. */
  readonly #steps: StepScope | undefined

  constructor(parsed: ParsedRule, diagnostics: DiagnosticList, options: CheckOptions) {
    this.#parsed = parsed
    this.#diagnostics = diagnostics
    this.#options = options
    this.#groupKeys = new Set(parsed.rule.groupBy.map(keyOf))
    this.#isGrouped = isGrouped(parsed.rule)
    this.#steps = stepsOf(parsed.rule)
  }

  check(): void {
    const { rule, places, complete } = this.#parsed
    const diagnostics = this.#diagnostics
    // Without its steps nobody can say what a column means.
    const isLost =
      (places.match !== undefined && rule.match === undefined) ||
      (places.without !== undefined && rule.without === undefined)
    if (!isLost) {
      this.#select()
      this.#where()
      this.#patterns()
      this.#groupBy()
      this.#having()
    }
    checkPatterns(this.#parsed, diagnostics)
    checkWindow(this.#parsed, diagnostics)
    checkLife(this.#parsed, diagnostics)
    if (complete && !this.#isGrouped && rule.window !== undefined) checkWindowUsed(this.#parsed, diagnostics)
    this.#actions()
    const { partitionedBy = [] } = this.#options
    if (partitionedBy.length === 0 || !complete) return
    const crossing = repartitionOf(rule, partitionedBy, this.#isGrouped)
    if (crossing !== undefined) diagnostics.add(places.name.source, places.name.span, crossing)
  }

  #scope(source: SourceText | undefined, steps = this.#steps): TypeScope {
    return {
      source: source ?? this.#parsed.places.name.source,
      diagnostics: this.#diagnostics,
      aliases: noAliases,
      hiddenAliases: this.#aliasNames,
      ...(steps === undefined ? {} : { steps }),
    }
  }

  #select(): void {
    const { rule, places } = this.#parsed
    if (rule.select === '*') return
    const types = new Map<string, Type>()
    rule.select.forEach(({ expression, alias }, index) => {
      const place = places.select[index]
      const scope = this.#scope(place?.source)
      const type = typeOf(expression, scope)
      this.#groupValue(expression, noNames, scope)
      checkNow(expression, false, scope)
      if (alias === undefined) return
      if (types.has(alias) && place?.alias !== undefined) {
        this.#diagnostics.add(place.alias.source, place.alias.span, {
          code: 'duplicate',
          message: { en: `the alias ${alias} is used twice`, zh: `别名 ${alias} 重复` },
        })
      }
      types.set(alias, type)
    })
    // Aliases are known to the clauses after SELECT, not to one another.
    this.#aliases = types
    this.#aliasNames = new Set(types.keys())
  }

  #where(): void {
    const { rule, places } = this.#parsed
    // With MATCH it has no place at all, which is said once.
    if (rule.where === undefined || rule.match !== undefined) return
    const scope = this.#scope(places.where)
    checkAggregates(rule.where, 'WHERE', scope)
    checkCondition(rule.where, rule.window, scope, neverFires)
  }

  #patterns(): void {
    const { rule, places } = this.#parsed
    const { match, without } = rule
    if (match?.where !== undefined) {
      const scope = this.#scope(places.match?.where)
      checkAggregates(match.where, 'WHERE', scope)
      checkCondition(match.where, rule.window, scope, neverFires)
    }
    if (without?.where !== undefined) {
      const names = new Set([...(match?.steps ?? []), without.step])
      const scope = this.#scope(places.without?.where, { names, bare: match === undefined })
      checkAggregates(without.where, 'WHERE', scope)
      checkCondition(without.where, rule.window, scope, nothingIsThat)
    }
  }

  #having(): void {
    const { rule, places } = this.#parsed
    if (rule.having !== undefined) {
      const scope = this.#scope(places.having)
      this.#groupValue(rule.having, noNames, scope)
      checkCondition(rule.having, rule.window, scope, neverFires)
    }
    if (rule.resolveWhen !== undefined) {
      const scope = this.#scope(places.resolveWhen)
      this.#groupValue(rule.resolveWhen, noNames, scope)
      checkCondition(rule.resolveWhen, rule.window, scope, neverResolves)
    }
  }

  /** What is true of one group, wherever that stands. */
  #groupValue(expression: Expression, aliases: ReadonlySet<string>, scope: TypeScope): void {
    checkAggregates(expression, undefined, scope)
    checkRates(expression, this.#parsed.rule.window, scope)
    // A lost clause may have been the GROUP BY that is missed here.
    if (this.#isGrouped && this.#parsed.complete) checkGrouping(expression, this.#groupKeys, aliases, scope)
  }

  #groupBy(): void {
    const { rule, places } = this.#parsed
    rule.groupBy.forEach((expression, index) => {
      const scope = this.#scope(places.groupBy[index])
      typeOf(expression, scope)
      checkAggregates(expression, 'GROUP BY', scope)
      checkNow(expression, false, scope)
      if (contains(expression, 'column') || contains(expression, 'aggregate')) return
      this.#diagnostics.add(scope.source, expression.span, {
        code: 'wrong-value',
        message: { en: 'GROUP BY needs a column', zh: 'GROUP BY 需要一个列' },
      })
    })
  }

  #actions(): void {
    const { rule, places, complete } = this.#parsed
    const placeholders = placeholdersOf(rule, this.#aliasNames, this.#steps, this.#isGrouped)
    rule.actions.forEach((action, index) => {
      const place = places.actions[index]
      if (place === undefined) return
      checkAction(action, place, this.#diagnostics, this.#options)
      // Without its SELECT nobody can say what a parameter means.
      if (!complete) return
      for (const [name, value] of Object.entries(action.params)) {
        const source = place.params.get(name)?.source ?? place.kind.source
        const scope: TypeScope = { ...this.#scope(source), aliases: this.#aliases, hiddenAliases: noNames }
        typeOf(value, scope)
        checkNow(value, false, scope)
        this.#groupValue(value, this.#aliasNames, scope)
        checkPlaceholders(value, placeholders, source, this.#diagnostics)
      }
    })
  }
}

const noAliases: ReadonlyMap<string, Type> = new Map()
const noNames: ReadonlySet<string> = new Set()

function stepsOf({ match, without }: Rule): StepScope | undefined {
  if (match === undefined && without === undefined) return undefined
  const names = new Set(match?.steps)
  return { names, bare: match === undefined, ...(without === undefined ? {} : { absent: without.step }) }
}

/** A rule looks at groups as soon as anything in it does; without GROUP BY there is one group. */
function isGrouped(rule: Rule): boolean {
  const values = [
    ...(rule.select === '*' ? [] : rule.select.map(({ expression }) => expression)),
    ...rule.actions.flatMap(({ params }) => Object.values(params)),
  ]
  return (
    rule.groupBy.length > 0 ||
    rule.having !== undefined ||
    rule.resolveWhen !== undefined ||
    values.some((value) => contains(value, 'aggregate'))
  )
}

export type { CheckOptions } from './action-checker.js'
