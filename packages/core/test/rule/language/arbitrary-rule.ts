import * as fc from 'fast-check'
import { type Expression, functionNames, type Rule, type RuleAction } from '../../../src/rule/ast.js'

const span = { start: 0, end: 0 }
const name = fc.oneof(
  fc.constantFrom(
    'severity_score',
    'Region',
    'select',
    '高端',
    'a b',
    'it"s',
    'from',
    'x1',
    '_',
    'now',
    'case',
    'when',
    'end',
    'any',
    'array',
    '日期2',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }),
)
const path = fc.array(name, { minLength: 1, maxLength: 3 })
const interval = fc.record({
  months: fc.integer({ min: -500, max: 500 }),
  days: fc.integer({ min: -500, max: 500 }),
  milliseconds: fc.integer({ min: -1e9, max: 1e9 }),
})
const literal = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.integer({ min: -20, max: 20 }),
  fc.boolean(),
  fc.constant(null),
)
const comparison = fc.constantFrom('=', '<>', '<', '<=', '>', '>=')
const arithmetic = fc.constantFrom('+', '-', '*', '/', '%', '||')

const optional = <Key extends string, Value>(key: Key, value: fc.Arbitrary<Value>) =>
  fc.oneof(
    fc.constant({}),
    value.map((present) => ({ [key]: present })),
  )

/** Those without a syntax of their own. */
const plainFunctions = functionNames.filter((called) => called !== 'EXTRACT')

/** Any tree the parser could make, of sense or not. */
const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
  const inner = tie('expression')
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      literal.map((value): Expression => ({ type: 'literal', value, span })),
      fc.integer().map((value): Expression => ({ type: 'literal', value, decimal: true, span })),
      path.map((parts): Expression => ({ type: 'column', path: parts, span })),
      interval.map((value): Expression => ({ type: 'interval', value, span })),
      fc.constant<Expression>({ type: 'now', span }),
      fc.constant<Expression>({ type: 'aggregate', name: 'COUNT', distinct: false, span }),
      inner.map((operand): Expression => ({ type: 'not', operand, span })),
      inner.map((operand): Expression => ({ type: 'negate', operand, span })),
      fc
        .tuple(fc.constantFrom('and', 'or'), inner, inner)
        .map(([type, left, right]): Expression => ({ type, left, right, span })),
      fc
        .tuple(comparison, inner, inner)
        .map(([operator, left, right]): Expression => ({ type: 'comparison', operator, left, right, span })),
      fc
        .tuple(arithmetic, inner, inner)
        .map(([operator, left, right]): Expression => ({ type: 'arithmetic', operator, left, right, span })),
      fc.tuple(inner, inner, inner, fc.boolean()).map(
        ([operand, low, high, negated]): Expression => ({
          type: 'between',
          operand,
          low,
          high,
          negated,
          span,
        }),
      ),
      fc
        .tuple(inner, fc.array(inner, { minLength: 1, maxLength: 3 }), fc.boolean())
        .map(([operand, list, negated]): Expression => ({ type: 'in', operand, list, negated, span })),
      fc.tuple(inner, inner, fc.constantFrom('\\', '!', '', '😀', "'"), fc.boolean(), fc.boolean()).map(
        ([operand, pattern, escaping, insensitive, negated]): Expression => ({
          type: 'like',
          operand,
          pattern,
          escape: escaping,
          insensitive,
          negated,
          span,
        }),
      ),
      fc
        .tuple(inner, fc.boolean())
        .map(([operand, negated]): Expression => ({ type: 'is-null', operand, negated, span })),
      fc
        .tuple(inner, inner, fc.boolean())
        .map(([left, right, negated]): Expression => ({ type: 'is-distinct', left, right, negated, span })),
      fc
        .tuple(
          fc.constantFrom('COUNT', 'SUM', 'AVG', 'MIN', 'MAX'),
          fc.boolean(),
          inner,
          optional('filter', inner),
        )
        .map(
          ([aggregate, distinct, argument, filter]): Expression => ({
            type: 'aggregate',
            name: aggregate,
            distinct,
            argument,
            ...filter,
            span,
          }),
        ),
      fc.tuple(fc.boolean(), optional('argument', inner), inner).map(
        ([distinct, argument, filter]): Expression => ({
          type: 'aggregate',
          name: 'SHARE',
          distinct: distinct && 'argument' in argument,
          ...argument,
          filter,
          span,
        }),
      ),
      fc.tuple(interval, optional('filter', inner)).map(
        ([per, filter]): Expression => ({
          type: 'aggregate',
          name: 'RATE',
          distinct: false,
          per,
          ...filter,
          span,
        }),
      ),
      fc.tuple(inner, fc.double({ min: 0, max: 1, noNaN: true }), optional('filter', inner)).map(
        ([argument, fraction, filter]): Expression => ({
          type: 'aggregate',
          name: 'PERCENTILE',
          distinct: false,
          argument,
          fraction: fraction + 0,
          ...filter,
          span,
        }),
      ),
      fc
        .tuple(
          optional('operand', inner),
          // biome-ignore lint/suspicious/noThenProperty: SQL's word; a tree is never awaited
          fc.array(fc.record({ when: inner, then: inner }), { minLength: 1, maxLength: 3 }),
          optional('otherwise', inner),
        )
        .map(
          ([subject, branches, otherwise]): Expression => ({
            type: 'case',
            ...subject,
            branches,
            ...otherwise,
            span,
          }),
        ),
      fc
        .tuple(fc.constantFrom(...plainFunctions), fc.array(inner, { maxLength: 3 }))
        .map(([called, args]): Expression => ({ type: 'call', name: called, args, span })),
      fc.tuple(fc.constantFrom('EXTRACT', 'TIMEZONE'), name, inner).map(
        ([called, first, second]): Expression => ({
          type: 'call',
          name: called,
          args: [{ type: 'literal', value: first, span }, second],
          span,
        }),
      ),
      fc.tuple(comparison, fc.constantFrom('any', 'all'), inner, inner).map(
        ([operator, quantifier, operand, array]): Expression => ({
          type: 'quantified',
          operator,
          quantifier,
          operand,
          array,
          span,
        }),
      ),
      fc
        .array(inner, { minLength: 1, maxLength: 3 })
        .map((items): Expression => ({ type: 'array', items, span })),
    ),
  }
})

const action: fc.Arbitrary<RuleAction> = fc
  .tuple(
    fc.oneof(
      fc.record({
        kind: fc.oneof(
          fc.constantFrom('notify', 'material.hold', 'Own.Kind', '钉钉.通知'),
          name.filter((text) => !text.includes('.')),
        ),
        params: fc.dictionary(name, expression, { maxKeys: 3 }),
      }),
      name.map((to) => ({ kind: 'escalate', params: { to: { type: 'literal', value: to, span } as const } })),
    ),
    optional('target', name),
    optional('priority', fc.integer({ min: 1, max: 9 })),
  )
  .map(([call, target, priority]) => ({ ...call, ...target, ...priority, span }))

const where = optional('where', expression)

const match = fc
  .tuple(fc.array(name, { minLength: 1, maxLength: 3 }), where, optional('within', interval))
  .map(([steps, condition, within]) => ({ steps, ...condition, ...within }))

const without = fc
  .tuple(name, where, interval)
  .map(([step, condition, within]) => ({ step, ...condition, within }))

const window = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('sliding', 'tumbling', 'session'),
      interval,
      optional('lateness', interval),
      optional('final', fc.constant(true)),
    )
    .map(([kind, size, lateness, final]) => ({ kind, size, ...lateness, ...final })),
  fc.nat().map((count) => ({ kind: 'count' as const, count })),
)

const life = fc
  .tuple(
    optional('resolveWhen', expression),
    optional('holdFor', interval),
    optional('keepFiringFor', interval),
    optional('oncePer', interval),
    optional('inhibitedBy', fc.array(name, { minLength: 1, maxLength: 3 })),
  )
  .map((parts) => Object.assign({}, ...parts))

export const arbitraryRule: fc.Arbitrary<Rule> = fc
  .tuple(
    fc.record({
      name,
      select: fc.oneof(
        fc.constant('*' as const),
        fc.array(
          fc
            .tuple(expression, optional('alias', name))
            .map(([value, alias]) => ({ expression: value, ...alias })),
          { minLength: 1, maxLength: 3 },
        ),
      ),
      groupBy: fc.array(expression, { maxLength: 2 }),
      actions: fc.array(action, { minLength: 1, maxLength: 4 }),
    }),
    optional('stage', fc.constantFrom('assembly', 'quality', 'rnd')),
    fc.oneof(optional('where', expression), optional('match', match)),
    optional('without', without),
    optional('window', window),
    optional('having', expression),
    life,
  )
  .map(([rule, ...rest]) => Object.assign({ version: 1 as const, ...rule, span }, ...rest))
