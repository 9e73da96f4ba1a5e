import * as fc from 'fast-check'
import type {
  ActionDefinition,
  MatchDefinition,
  RuleDefinition,
  WindowDefinition,
  WithoutDefinition,
} from '../../../src/rule/language/rule-definition.js'

type Definition = RuleDefinition<string>

const length = fc.constantFrom('30 minutes', '24 hours', '1 day 2 hours', '1 month', '90 days', 'P1DT2H')
const present = <Key extends string, Value>(key: Key, value: fc.Arbitrary<Value>) =>
  fc.option(
    value.map((found) => ({ [key]: found })),
    { nil: {} },
  )

/** A rule's conditions on one feedback, or on a step when `prefix` is `a.`. */
const condition = (prefix: string): fc.Arbitrary<string> =>
  fc
    .array(
      fc.constantFrom(
        `${prefix}severity_score > 5`,
        `${prefix}product_line = '高端系列'`,
        `NOT ${prefix}safety_flags.fire`,
        `${prefix}region IN ('华南', 'it''s')`,
        `${prefix}received_at > NOW() - INTERVAL '1 hour'`,
        `(${prefix}fault_code LIKE 'E-%' OR ${prefix}evidence_count BETWEEN 1 AND 3)`,
        `${prefix}attributes.colour IS DISTINCT FROM 'red'`,
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((parts) => parts.join(' AND '))

const having = fc.constantFrom(
  'COUNT(*) > 3',
  'COUNT(DISTINCT serial_number) >= 2 AND AVG(severity_score) > 4',
)
const stepHaving = fc.constantFrom('COUNT(*) > 3', 'COUNT(DISTINCT a.serial_number) >= 2')

const timeWindow: fc.Arbitrary<WindowDefinition> = fc.oneof(
  length.map((sliding) => ({ sliding })),
  length.map((tumbling) => ({ tumbling })),
  length.map((session) => ({ session })),
  fc.integer({ min: 10, max: 1_000_000 }).map((count) => ({ count })),
)
const eventTime = present('onEventTime', fc.record({ lateness: length }))
const final = present('emitFinal', fc.constant(true))
const closingWindow: fc.Arbitrary<WindowDefinition> = fc.oneof(
  fc.tuple(length, eventTime).map(([sliding, rest]) => ({ sliding, ...rest })),
  fc.tuple(length, eventTime, final).map(([tumbling, ...rest]) => Object.assign({ tumbling }, ...rest)),
  fc.tuple(length, eventTime, final).map(([session, ...rest]) => Object.assign({ session }, ...rest)),
)

const match: fc.Arbitrary<MatchDefinition<string>> = fc
  .tuple(fc.boolean(), condition('a.'), length)
  .map(([two, about, within]) =>
    two
      ? { steps: ['a', 'b'], where: `a.serial_number = b.serial_number AND ${about}`, within }
      : { steps: ['a'], where: about },
  )
const without = (before: string): fc.Arbitrary<WithoutDefinition<string>> =>
  fc.tuple(condition('reply.'), length).map(([about, within]) => ({
    step: 'reply',
    where: `reply.serial_number = ${before}serial_number AND ${about}`,
    within,
  }))

const actions: fc.Arbitrary<readonly ActionDefinition<string>[]> = fc.array(
  fc.oneof(
    fc.constant({ kind: 'escalate', params: { to: "'team'" }, priority: 1 }),
    fc.constant({ kind: 'material.hold', params: { batch: "'K7'", reason: "'too many'" }, target: 'sap' }),
    fc.constant({ kind: 'notify', params: { to: "'ops'", text: "'seen'" } }),
  ),
  { minLength: 1, maxLength: 3 },
)

const head = fc
  .tuple(present('stage', fc.constantFrom('assembly', 'quality', 'rnd')), present('oncePer', length))
  .map((parts) => Object.assign({ name: 'probe' }, ...parts))

const subject = fc.oneof(
  fc
    .tuple(present('where', condition('')), present('without', without('')))
    .map((parts) => ({ prefix: '', parts: Object.assign({}, ...parts) })),
  fc
    .tuple(match, present('without', without('a.')))
    .map(([found, absent]) => ({ prefix: 'a.', parts: { match: found, ...absent } })),
)

const life = fc
  .tuple(
    present('resolveWhen', fc.constant('COUNT(*) < 2')),
    present('holdFor', length),
    present('keepFiringFor', length),
    present('inhibitedBy', fc.constant(['other'])),
  )
  .map((parts) => Object.assign({}, ...parts))

/** Definitions of rules that make sense, with every clause; `other` is the rule that INHIBITED BY names. */
export const sensibleDefinition: fc.Arbitrary<Definition> = fc
  .tuple(head, subject, actions)
  .chain(([first, { prefix, parts }, then]) => {
    const group = [`${prefix}product_model`]
    const select = fc.constantFrom<Pick<Definition, 'select'>>(
      {},
      { select: { model: `${prefix}product_model`, units: 'COUNT(*)' } },
      { select: [{ expression: `${prefix}product_model` }, { expression: 'COUNT(*)', alias: 'units' }] },
    )
    const counted = prefix === '' ? having : stepHaving
    const grouped = fc.oneof(
      fc.tuple(present('window', timeWindow), life),
      fc.tuple(
        closingWindow.map((window) => ({ window })),
        fc.constant({}),
      ),
    )
    return fc.oneof(
      fc.constant<Definition>({ ...first, ...parts, actions: then }),
      fc.tuple(select, counted, grouped).map(
        ([selected, condition, [window, lasting]]): Definition => ({
          ...first,
          ...selected,
          ...parts,
          groupBy: group,
          ...window,
          having: condition,
          ...lasting,
          actions: then,
        }),
      ),
    )
  })
