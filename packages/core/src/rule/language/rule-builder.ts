import type { Localized } from '../../text.js'
import type { Expression, Interval, Rule, RuleAction, SelectItem } from '../ast.js'
import { Cursor, SyntaxStop } from './cursor.js'
import type { DiagnosticList } from './diagnostics.js'
import { parseExpression } from './expression-parser.js'
import { intervalUnits, parseInterval } from './interval.js'
import { lex } from './lexer.js'
import type { ActionPlaces, Located, ParsedRule, PatternPlaces, RulePlaces } from './parsed-rule.js'
import { printExpression } from './print-expression.js'
import type {
  ActionDefinition,
  ExpressionInput,
  MatchDefinition,
  RuleDefinition,
  SelectDefinition,
  WithoutDefinition,
} from './rule-definition.js'
import { type SourceText, sourceText } from './source-text.js'
import { buildWindow } from './window-builder.js'

interface BuiltExpression {
  readonly source: SourceText
  readonly expression: Expression
}
interface BuiltLength {
  readonly value: Interval | undefined
  readonly place: Located
}

const nowhere = { start: 0, end: 0 }
const nothing: Interval = { months: 0, days: 0, milliseconds: 0 }
/** Stands in for what could not be read; it fits everywhere, so that nothing more is said about it. */
const unreadable: Expression = { type: 'column', path: ['attributes', 'unreadable'], span: nowhere }

/** Makes rules of definitions. What is wrong is reported in the string that it stands in, named by its path. */
export class RuleBuilder {
  readonly #diagnostics: DiagnosticList
  readonly #prefix: string
  #complete = true

  /** @param prefix of the paths, e.g. `rules[3].` */
  constructor(diagnostics: DiagnosticList, prefix = '') {
    this.#diagnostics = diagnostics
    this.#prefix = prefix
  }

  build(definition: RuleDefinition): ParsedRule {
    const select = definition.select === undefined ? undefined : this.#select(definition.select)
    const where = this.#optional(definition.where, 'where')
    const match = definition.match === undefined ? undefined : this.#match(definition.match)
    const without = definition.without === undefined ? undefined : this.#without(definition.without)
    const groupBy = (definition.groupBy ?? []).map((input, index) =>
      this.#expression(input, `groupBy[${index}]`),
    )
    const having = this.#optional(definition.having, 'having')
    const resolveWhen = this.#optional(definition.resolveWhen, 'resolveWhen')
    const window =
      definition.window === undefined
        ? undefined
        : buildWindow(
            definition.window,
            (text, origin) => this.#length(text, origin),
            (text, origin) => this.#whole(text, origin),
          )
    const holdFor = this.#optionalLength(definition.holdFor, 'holdFor')
    const keepFiringFor = this.#optionalLength(definition.keepFiringFor, 'keepFiringFor')
    const oncePer = this.#optionalLength(definition.oncePer, 'oncePer')
    const { inhibitedBy } = definition
    const actions = definition.actions.map((action, index) => this.#action(action, `actions[${index}]`))
    const name = this.#name(definition)
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
      span: nowhere,
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
        : { inhibitedBy: inhibitedBy.map((other, index) => this.#whole(other, `inhibitedBy[${index}]`)) }),
      actions: actions.map(({ places: place }) => place),
    }
    return { rule, places, complete: this.#complete }
  }

  #name({ name, actions }: RuleDefinition): Located {
    const place = this.#whole(name, 'name')
    if (name === '') this.#invalid(place, { en: 'a rule needs a name', zh: '规则需要名称' })
    if (actions.length === 0) {
      this.#invalid(this.#whole('[]', 'actions'), {
        en: 'a rule needs an action',
        zh: '规则至少需要一个动作',
      })
    }
    return place
  }

  /** A text that is wrong, or right, as a whole. */
  #whole(text: string, origin: string): Located {
    return {
      source: sourceText(text, `${this.#prefix}${origin}`),
      span: { start: 0, end: text.length },
    }
  }

  #invalid({ source, span }: Located, message: Localized): void {
    this.#complete = false
    this.#diagnostics.add(source, span, { code: 'wrong-value', message })
  }

  #select(select: RuleDefinition['select'] & {}): {
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
      this.#invalid(this.#whole(isList(select) ? '[]' : '{}', 'select'), {
        en: 'select needs an expression; leave it out for *',
        zh: 'select 至少需要一个表达式；若要全部列，请省略它',
      })
    }
    const built = named.map(({ expression: input, alias, origin }) => ({
      alias,
      ...this.#expression(input, origin),
    }))
    return {
      items: built.map(({ expression, alias }) =>
        alias === undefined ? { expression } : { expression, alias },
      ),
      places: built.map(({ source, alias }, index) =>
        alias === undefined ? { source } : { source, alias: this.#whole(alias, `select[${index}].alias`) },
      ),
    }
  }

  #match({ steps, where: input, within: length }: MatchDefinition): {
    readonly clause: Rule['match'] & {}
    readonly places: PatternPlaces
  } {
    const where = this.#optional(input, 'match.where')
    const within = this.#optionalLength(length, 'match.within')
    return {
      clause: {
        steps,
        ...(where === undefined ? {} : { where: where.expression }),
        ...(within?.value === undefined ? {} : { within: within.value }),
      },
      places: {
        clause: this.#whole(steps.join(', '), 'match.steps'),
        steps: steps.map((step, index) => this.#whole(step, `match.steps[${index}]`)),
        ...(where === undefined ? {} : { where: where.source }),
        ...(within === undefined ? {} : { within: within.place }),
      },
    }
  }

  #without({ step, where: input, within: length }: WithoutDefinition): {
    readonly clause: Rule['without'] & {}
    readonly places: PatternPlaces
  } {
    const where = this.#optional(input, 'without.where')
    const within = this.#length(length, 'without.within')
    const place = this.#whole(step, 'without.step')
    return {
      clause: {
        step,
        ...(where === undefined ? {} : { where: where.expression }),
        within: within.value ?? nothing,
      },
      places: {
        clause: place,
        steps: [place],
        ...(where === undefined ? {} : { where: where.source }),
        within: within.place,
      },
    }
  }

  #optional(input: ExpressionInput | undefined, origin: string): BuiltExpression | undefined {
    return input === undefined ? undefined : this.#expression(input, origin)
  }

  /** A tree is printed and read again, so that what is wrong with it can be shown. */
  #expression(input: ExpressionInput | number | boolean, origin: string): BuiltExpression {
    if (typeof input === 'object') return this.#parsed(printExpression(input), origin)
    return this.#parsed(typeof input === 'string' ? input : String(input).toUpperCase(), origin)
  }

  #parsed(text: string, origin: string): BuiltExpression {
    const source = sourceText(text, `${this.#prefix}${origin}`)
    const { tokens, problems } = lex(text)
    for (const { span, message, suggestion } of problems) {
      this.#complete = false
      this.#diagnostics.add(source, span, { code: 'syntax', message, suggestion })
    }
    const cursor = new Cursor(source, tokens, this.#diagnostics)
    try {
      const expression = parseExpression(cursor)
      if (!cursor.atEnd) cursor.fail()
      return { source, expression }
    } catch (problem) {
      if (!(problem instanceof SyntaxStop)) throw problem
      this.#complete = false
      return { source, expression: unreadable }
    }
  }

  #optionalLength(text: string | undefined, origin: string): BuiltLength | undefined {
    return text === undefined ? undefined : this.#length(text, origin)
  }

  #length(text: string, origin: string): BuiltLength {
    const place = this.#whole(text, origin)
    const value = parseInterval(text)
    if (value === undefined) {
      const units = intervalUnits.filter((unit) => unit.endsWith('s') && unit.length > 4).join(', ')
      this.#invalid(place, {
        en: `this is not an interval such as 24 hours; its units are ${units}`,
        zh: `这不是有效的时长，例如 24 hours；单位有：${units}`,
      })
    }
    return { value, place }
  }

  #action(
    definition: ActionDefinition,
    origin: string,
  ): { readonly action: RuleAction; readonly places: ActionPlaces } {
    const { kind, target, priority } = definition
    const params = Object.entries(definition.params ?? {}).map(([name, input]) => ({
      name,
      ...this.#expression(input, `${origin}.params.${name}`),
    }))
    return {
      action: {
        kind,
        params: Object.fromEntries(params.map(({ name, expression }) => [name, expression])),
        ...(target === undefined ? {} : { target }),
        ...(priority === undefined ? {} : { priority }),
        span: nowhere,
      },
      places: {
        kind: this.#whole(kind, `${origin}.kind`),
        ...(target === undefined ? {} : { target: this.#whole(target, `${origin}.target`) }),
        ...(priority === undefined ? {} : { priority: this.#whole(String(priority), `${origin}.priority`) }),
        params: new Map(
          params.map(({ name, source }) => [name, { source, span: { start: 0, end: source.text.length } }]),
        ),
      },
    }
  }
}

const isList = (select: RuleDefinition['select'] & {}): select is readonly SelectDefinition[] =>
  Array.isArray(select)
