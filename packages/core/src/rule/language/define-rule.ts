import type { Expression, Rule, RuleAction, SelectItem, StageName, WindowClause } from '../ast.js'
import { type CheckOptions, checkParsedRules } from './checker.js'
import { Cursor, SyntaxStop } from './cursor.js'
import { DiagnosticList } from './diagnostics.js'
import { parseExpression } from './expression-parser.js'
import { intervalUnits, parseInterval } from './interval.js'
import { lex } from './lexer.js'
import type { ActionPlaces, Located, RulePlaces } from './parsed-rule.js'
import { printExpression } from './print-expression.js'
import { RuleError } from './rule-error.js'
import { type SourceText, sourceText } from './source-text.js'

/** An expression as the rule language writes it, or its tree. */
export type ExpressionInput = string | Expression

export interface ActionDefinition {
  readonly kind: string
  /** Strings are expressions: `batch` is an alias or a column, `'text'` in quotes a text. Numbers and truth values are themselves. */
  readonly params?: Readonly<Record<string, ExpressionInput | number | boolean>>
  readonly target?: string
  /** 1 (first) to 9. */
  readonly priority?: number
}

/** A rule as TypeScript writes it; the words are those of the rule language. */
export interface RuleDefinition {
  readonly name: string
  readonly stage?: StageName
  /** Alias to expression; `*` when absent. */
  readonly select?: Readonly<Record<string, ExpressionInput>>
  readonly where?: ExpressionInput
  readonly groupBy?: readonly ExpressionInput[]
  /** Lengths as INTERVAL reads them: `24 hours`. */
  readonly window?: { readonly sliding: string } | { readonly tumbling: string }
  readonly having?: ExpressionInput
  readonly oncePer?: string
  readonly actions: readonly ActionDefinition[]
}

/**
 * Makes the rule that the same words in the rule language make.
 * @throws RuleError (`RULE_INVALID`); its diagnostics name the part in `origin` and point into that string
 * @example
 * defineRule({
 *   name: 'compressor_batch_hold',
 *   select: { batch: 'component_batches.compressor', units: 'COUNT(DISTINCT serial_number)' },
 *   where: "fault_code IN ('E-COOL-01', 'E-COOL-02')",
 *   groupBy: ['product_model', 'component_batches.compressor'],
 *   window: { sliding: '24 hours' },
 *   having: 'COUNT(DISTINCT serial_number) >= 5',
 *   actions: [{ kind: 'material.hold', params: { batch: 'batch', reason: "'{units} units'" }, priority: 1 }],
 * })
 */
export function defineRule(definition: RuleDefinition, options: CheckOptions = {}): Rule {
  const builder = new RuleBuilder()
  const { rule, places } = builder.build(definition)
  const { diagnostics } = builder
  checkParsedRules([{ rule, places, complete: !diagnostics.hasErrors }], diagnostics, options)
  if (diagnostics.hasErrors) throw new RuleError(diagnostics.items)
  return rule
}

const nowhere = { start: 0, end: 0 }
/** Stands in for what could not be read; it fits everywhere, so that nothing more is said about it. */
const unreadable: Expression = { type: 'column', path: ['attributes', 'unreadable'], span: nowhere }

class RuleBuilder {
  readonly diagnostics = new DiagnosticList()

  build(definition: RuleDefinition): { readonly rule: Rule; readonly places: RulePlaces } {
    const select = Object.entries(definition.select ?? {}).map(([alias, input]) => ({
      alias,
      ...this.#expression(input, `select.${alias}`),
    }))
    const where = this.#optional(definition.where, 'where')
    const groupBy = (definition.groupBy ?? []).map((input, index) =>
      this.#expression(input, `groupBy[${index}]`),
    )
    const having = this.#optional(definition.having, 'having')
    const window = definition.window === undefined ? undefined : this.#window(definition.window)
    const oncePer =
      definition.oncePer === undefined ? undefined : this.#interval(definition.oncePer, 'oncePer')
    const actions = definition.actions.map((action, index) => this.#action(action, `actions[${index}]`))
    const name = this.#name(definition)
    const rule: Rule = {
      version: 1,
      name: definition.name,
      ...(definition.stage === undefined ? {} : { stage: definition.stage }),
      select:
        definition.select === undefined
          ? '*'
          : select.map(({ expression, alias }): SelectItem => ({ expression, alias })),
      ...(where === undefined ? {} : { where: where.expression }),
      groupBy: groupBy.map(({ expression }) => expression),
      ...(window?.clause === undefined ? {} : { window: window.clause }),
      ...(having === undefined ? {} : { having: having.expression }),
      ...(oncePer?.value === undefined ? {} : { oncePer: oncePer.value }),
      actions: actions.map(({ action }) => action),
      span: nowhere,
    }
    const places: RulePlaces = {
      name,
      select: select.map(({ source }) => ({ source })),
      ...(where === undefined ? {} : { where: where.source }),
      groupBy: groupBy.map(({ source }) => source),
      ...(window === undefined ? {} : { window: window.place }),
      ...(having === undefined ? {} : { having: having.source }),
      ...(oncePer === undefined ? {} : { oncePer: oncePer.place }),
      actions: actions.map(({ places: place }) => place),
    }
    return { rule, places }
  }

  #name({ name, actions }: RuleDefinition): Located {
    const place = whole(name, 'name')
    if (name === '') this.#invalid(place, { en: 'a rule needs a name', zh: '规则需要名称' })
    if (actions.length === 0) {
      this.#invalid(whole('[]', 'actions'), { en: 'a rule needs an action', zh: '规则至少需要一个动作' })
    }
    return place
  }

  #invalid({ source, span }: Located, message: { readonly en: string; readonly zh: string }): void {
    this.diagnostics.add(source, span, { code: 'wrong-value', message })
  }

  #optional(
    input: ExpressionInput | undefined,
    origin: string,
  ): ReturnType<RuleBuilder['parsed']> | undefined {
    return input === undefined ? undefined : this.#expression(input, origin)
  }

  /** A tree is printed and read again, so that what is wrong with it can be shown. */
  #expression(input: ExpressionInput | number | boolean, origin: string): ReturnType<RuleBuilder['parsed']> {
    if (typeof input === 'object') return this.parsed(printExpression(input), origin)
    return this.parsed(typeof input === 'string' ? input : String(input).toUpperCase(), origin)
  }

  parsed(text: string, origin: string): { readonly source: SourceText; readonly expression: Expression } {
    const source = sourceText(text, origin)
    const { tokens, problems } = lex(text)
    for (const { span, message, suggestion } of problems) {
      this.diagnostics.add(source, span, { code: 'syntax', message, suggestion })
    }
    const cursor = new Cursor(source, tokens, this.diagnostics)
    try {
      const expression = parseExpression(cursor)
      if (!cursor.atEnd) cursor.fail()
      return { source, expression }
    } catch (problem) {
      if (!(problem instanceof SyntaxStop)) throw problem
      return { source, expression: unreadable }
    }
  }

  #window(window: RuleDefinition['window'] & {}): {
    readonly clause?: WindowClause
    readonly place: Located
  } {
    const kind = 'sliding' in window ? 'sliding' : 'tumbling'
    const { value: size, place } = this.#interval(
      'sliding' in window ? window.sliding : window.tumbling,
      `window.${kind}`,
    )
    return size === undefined ? { place } : { clause: { kind, size }, place }
  }

  #interval(
    text: string,
    origin: string,
  ): { readonly value: ReturnType<typeof parseInterval>; readonly place: Located } {
    const place = whole(text, origin)
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
        kind: whole(kind, `${origin}.kind`),
        ...(target === undefined ? {} : { target: whole(target, `${origin}.target`) }),
        ...(priority === undefined ? {} : { priority: whole(String(priority), `${origin}.priority`) }),
        params: new Map(
          params.map(({ name, source }) => [name, { source, span: { start: 0, end: source.text.length } }]),
        ),
      },
    }
  }
}

/** A text that is wrong, or right, as a whole. */
function whole(text: string, origin: string): Located {
  return { source: sourceText(text, origin), span: { start: 0, end: text.length } }
}
