import fc from 'fast-check'
import type { FeedbackRecord } from '../../../../src/feedback/schema.js'
import type { Expression } from '../../../../src/rule/ast.js'
import { complaint, start } from '../feed.js'

const span = { start: 0, end: 0 }
const column = (name: string): Expression => ({ type: 'column', path: name.split('.'), span })
const literal = (value: string | number | boolean | null): Expression => ({ type: 'literal', value, span })

/** Few different texts, so that conditions and rows meet: Latin, Chinese, beyond the BMP, case that folds oddly. */
const pieces = [
  'a',
  'B',
  'ab',
  'AB',
  's',
  'ſ',
  'K',
  'K',
  '漏',
  '漏水',
  '😀',
  '！',
  'É',
  'é',
  '%',
  '_',
  '\\',
  '\n',
]
const text = fc.array(fc.constantFrom(...pieces), { maxLength: 5 }).map((parts) => parts.join(''))
const pattern = fc
  .array(fc.constantFrom(...pieces, '%', '%', '_', '\\%', '\\_'), { maxLength: 6 })
  .map((parts) => parts.join(''))
const number = fc.oneof(
  fc.integer({ min: -1, max: 11 }),
  fc.constantFrom(5.5, -0, 0.1, 1e300, Number.MIN_VALUE, -Number.MIN_VALUE),
)
const instant = fc.constantFrom('2026-03-01T08:00:00Z', '2026-03-01 08:00', '2026-03-02', 'not an instant')

const numbers = ['severity_score', 'usage_at_failure.value', 'attributes.x', 'evidence_count']
const texts = [
  'region',
  'symptom_text',
  'fault_code',
  'fault_code.code',
  'component_batches.fan',
  'attributes.x',
]
const instants = ['received_at', 'occurred_at', 'manufactured_at']
const anyColumn = fc
  .constantFrom(...numbers, ...texts, ...instants, 'safety_flags.fire', 'safety_flags.leak', 'unheard_of')
  .map(column)
const numberOperand = fc.constantFrom(...numbers).map(column)
const textOperand = fc.constantFrom(...texts).map(column)
const instantOperand = fc.constantFrom(...instants).map(column)

const constant = fc.oneof(
  text.map(literal),
  number.map(literal),
  fc.boolean().map(literal),
  instant.map(literal),
  fc.constant(literal(null)),
  number.map((value): Expression => ({ type: 'negate', operand: literal(value), span })),
)
const now: Expression = {
  type: 'arithmetic',
  operator: '-',
  left: { type: 'now', span },
  right: { type: 'interval', value: { months: 0, days: 0, milliseconds: 3_600_000 }, span },
  span,
}
/** An operand and constants of its kind, mostly; the index has to be right when they do not fit as well. */
const meeting = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(numberOperand, fc.array(number.map(literal), { minLength: 2, maxLength: 4 })),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(textOperand, fc.array(text.map(literal), { minLength: 2, maxLength: 4 })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(instantOperand, fc.array(instant.map(literal), { minLength: 2, maxLength: 3 })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.oneof(anyColumn, constant),
      fc.array(fc.oneof(constant, anyColumn, fc.constant(now)), { minLength: 2, maxLength: 3 }),
    ),
  },
)
const operator = fc.constantFrom('=', '=', '=', '<>', '<', '<=', '>', '>=')

/** A condition over one feedback, of sense or not. */
export const { condition } = fc.letrec<{ condition: Expression }>((tie) => {
  const inner = tie('condition')
  return {
    condition: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc.tuple(operator, meeting, fc.boolean()).map(
        ([op, [operand, [other = operand]], flipped]): Expression => ({
          type: 'comparison',
          operator: op,
          left: flipped ? other : operand,
          right: flipped ? operand : other,
          span,
        }),
      ),
      fc.tuple(meeting, fc.boolean()).map(
        ([[operand, [low = operand, high = operand]], negated]): Expression => ({
          type: 'between',
          operand,
          low,
          high,
          negated,
          span,
        }),
      ),
      fc
        .tuple(meeting, fc.boolean())
        .map(([[operand, list], negated]): Expression => ({ type: 'in', operand, list, negated, span })),
      fc
        .tuple(
          fc.oneof(textOperand, textOperand, anyColumn),
          pattern,
          fc.constantFrom('\\', '\\', '', 'B', '😀'),
          fc.boolean(),
          fc.boolean(),
        )
        .map(
          ([operand, like, escaping, insensitive, negated]): Expression => ({
            type: 'like',
            operand,
            pattern: literal(like),
            escape: escaping,
            insensitive,
            negated,
            span,
          }),
        ),
      fc
        .tuple(anyColumn, fc.boolean())
        .map(([operand, negated]): Expression => ({ type: 'is-null', operand, negated, span })),
      fc.tuple(meeting, fc.boolean()).map(
        ([[left, [right = left]], negated]): Expression => ({
          type: 'is-distinct',
          left,
          right,
          negated,
          span,
        }),
      ),
      fc.oneof(anyColumn, fc.constant(column('safety_flags.fire'))),
      constant,
      inner.map((operand): Expression => ({ type: 'not', operand, span })),
      fc
        .tuple(fc.constantFrom('and', 'and', 'or'), inner, inner)
        .map(([type, left, right]): Expression => ({ type, left, right, span })),
      fc
        .tuple(fc.constantFrom('and', 'and', 'or'), inner, inner)
        .map(([type, left, right]): Expression => ({ type, left, right, span })),
    ),
  }
})

/** A feedback whose columns meet the constants of `condition`, or are missing. */
export const feedback: fc.Arbitrary<FeedbackRecord> = fc
  .record({
    severityScore: number,
    usage: fc.option(number, { nil: undefined }),
    region: fc.option(text, { nil: undefined }),
    symptomText: text,
    fault: fc.option(text, { nil: undefined }),
    fan: fc.option(text, { nil: undefined }),
    x: fc.option(fc.oneof(text, number, fc.boolean(), fc.constant(null)), { nil: undefined }),
    evidence: fc.nat(2),
    fire: fc.boolean(),
    leak: fc.boolean(),
    hours: fc.nat(24),
    manufacturedAt: fc.constantFrom('2026-03-01', '2026-03-02', undefined),
    occurred: fc.boolean(),
  })
  .map(({ usage, fault, fan, x, evidence, fire, leak, hours, occurred, ...fields }) => {
    const entry = complaint(1, 0)
    if (entry.kind !== 'feedback') throw new Error('a complaint is a feedback')
    const instantOfIt = new Date(start + hours * 3_600_000).toISOString()
    return {
      ...entry.feedback,
      ...fields,
      receivedAt: instantOfIt,
      occurredAt: occurred ? { at: instantOfIt, precision: 'day' } : undefined,
      usageAtFailure: usage === undefined ? undefined : { value: usage, unit: 'h' },
      faultCode: fault === undefined ? undefined : { catalog: 'c', code: fault },
      componentBatches: fan === undefined ? undefined : { fan },
      attributes: x === undefined ? undefined : { x },
      evidence: Array.from({ length: evidence }, () => ({ uri: 'u', mime: 'm' })),
      safetyFlags: { ...entry.feedback.safetyFlags, fire, leak },
    }
  })
