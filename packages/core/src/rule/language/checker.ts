import type { Expression, Rule } from '../ast.js'
import { type CheckOptions, checkAction, checkPlaceholders } from './action-checker.js'
import { columnNames, columnOf } from './columns.js'
import { neverTrue } from './contradictions.js'
import type { DiagnosticList } from './diagnostics.js'
import { checkEnumerations } from './enumerations.js'
import { contains, keyOf } from './expression-tree.js'
import { intervalMilliseconds } from './interval.js'
import type { Located, ParsedRule } from './parsed-rule.js'
import { checkAggregates, checkGrouping, checkNow } from './placement-checker.js'
import type { SourceText } from './source-text.js'
import { expectType, type Type, type TypeScope, typeOf } from './type-checker.js'

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
}

class RuleChecker {
  readonly #parsed: ParsedRule
  readonly #diagnostics: DiagnosticList
  readonly #options: CheckOptions
  readonly #aliases = new Map<string, Type>()
  readonly #groupKeys: ReadonlySet<string>
  readonly #isGrouped: boolean

  constructor(parsed: ParsedRule, diagnostics: DiagnosticList, options: CheckOptions) {
    this.#parsed = parsed
    this.#diagnostics = diagnostics
    this.#options = options
    this.#groupKeys = new Set(parsed.rule.groupBy.map(keyOf))
    this.#isGrouped = isGrouped(parsed.rule)
  }

  check(): void {
    this.#select()
    this.#where()
    this.#groupBy()
    this.#having()
    this.#lengths()
    this.#actions()
  }

  #scope(source: SourceText | undefined): TypeScope {
    return {
      source: source ?? this.#parsed.places.name.source,
      diagnostics: this.#diagnostics,
      aliases: new Map(),
      hiddenAliases: new Set(this.#aliases.keys()),
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
      this.#groupValue(expression, new Set(), scope)
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
    for (const [alias, type] of types) this.#aliases.set(alias, type)
  }

  #where(): void {
    const { rule, places } = this.#parsed
    if (rule.where === undefined) return
    const scope = this.#scope(places.where)
    checkAggregates(rule.where, 'WHERE', scope)
    this.#condition(rule.where, scope)
  }

  #having(): void {
    const { rule, places } = this.#parsed
    if (rule.having === undefined) return
    const scope = this.#scope(places.having)
    this.#groupValue(rule.having, new Set(), scope)
    this.#condition(rule.having, scope)
  }

  #condition(expression: Expression, scope: TypeScope): void {
    expectType(expression, 'boolean', scope)
    checkNow(expression, true, scope)
    checkEnumerations(expression, scope)
    const never = neverTrue(expression)
    if (never === undefined) return
    this.#diagnostics.add(scope.source, never.span, {
      severity: 'warning',
      code: 'never-fires',
      message: {
        en: 'this rule can never fire: no value meets this condition',
        zh: '此规则永远不会触发：没有值能满足该条件',
      },
    })
  }

  /** What is true of one group, wherever that stands. */
  #groupValue(expression: Expression, aliases: ReadonlySet<string>, scope: TypeScope): void {
    checkAggregates(expression, undefined, scope)
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

  #lengths(): void {
    const { rule, places } = this.#parsed
    const positive = (milliseconds: number, place: Located | undefined, name: string): void => {
      if (milliseconds > 0 || place === undefined) return
      this.#diagnostics.add(place.source, place.span, {
        code: 'wrong-value',
        message: { en: `${name} must be longer than nothing`, zh: `${name} 的时长必须大于零` },
      })
    }
    if (rule.window !== undefined && rule.window.kind !== 'count')
      positive(intervalMilliseconds(rule.window.size), places.window, 'WINDOW')
    if (rule.oncePer !== undefined) positive(intervalMilliseconds(rule.oncePer), places.oncePer, 'ONCE PER')
    if (rule.window === undefined || places.window === undefined || this.#isGrouped || !this.#parsed.complete)
      return
    this.#diagnostics.add(places.window.source, places.window.span, {
      severity: 'warning',
      code: 'no-effect',
      message: {
        en: 'WINDOW has no effect without GROUP BY, HAVING or an aggregate',
        zh: '没有 GROUP BY、HAVING 或聚合函数时，WINDOW 不起作用',
      },
    })
  }

  #actions(): void {
    const { rule, places, complete } = this.#parsed
    const names = this.#placeholderNames()
    const isKnown = (name: string): boolean =>
      names.includes(name) || (!this.#isGrouped && columnOf(name.split('.')) !== undefined)
    const aliases = new Set(this.#aliases.keys())
    rule.actions.forEach((action, index) => {
      const place = places.actions[index]
      if (place === undefined) return
      checkAction(action, place, this.#diagnostics, this.#options)
      // Without its SELECT nobody can say what a parameter means.
      if (!complete) return
      for (const [name, value] of Object.entries(action.params)) {
        const source = place.params.get(name)?.source ?? place.kind.source
        const scope: TypeScope = { source, diagnostics: this.#diagnostics, aliases: this.#aliases }
        typeOf(value, scope)
        checkNow(value, false, scope)
        this.#groupValue(value, aliases, scope)
        checkPlaceholders(value, isKnown, names, source, this.#diagnostics)
      }
    })
  }

  /** Aliases, then columns that have one value: those of the group, or every one of a single feedback. */
  #placeholderNames(): readonly string[] {
    const { rule } = this.#parsed
    const grouped = rule.groupBy.flatMap((key) => (key.type === 'column' ? [key.path.join('.')] : []))
    return [...this.#aliases.keys(), ...(this.#isGrouped ? grouped : columnNames)]
  }
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
    values.some((value) => contains(value, 'aggregate'))
  )
}

export type { CheckOptions } from './action-checker.js'
