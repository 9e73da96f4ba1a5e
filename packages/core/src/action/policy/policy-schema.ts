import * as z from 'zod'
import { saying } from '../../feedback/zod-reasons.js'
import { timeZone } from '../../rule/functions/time-zone.js'
import { name, number, span } from '../kinds/fields.js'
import { consequences } from '../kinds/kind.js'
import { parseSpan } from '../span.js'
import { modes } from './limits.js'
import { phases } from './phase.js'

const most = 1000
const oneOrMore = <S extends z.ZodType>(item: S) => z.union([item, z.array(item).min(1).max(most).readonly()])
const spanOf = (value: number | string): number => parseSpan(value) ?? Number.NaN
const longer = span.refine(
  (value) => spanOf(value) > 0,
  saying({ en: 'must be longer than nothing', zh: '必须大于零' }),
)
/** Andon practice: long enough for a leader to see it, short enough that the line still stops in time. */
const graceMs = { least: 5_000, most: 30_000 }
const grace = span.refine(
  (value) => spanOf(value) >= graceMs.least && spanOf(value) <= graceMs.most,
  saying({ en: 'must be 5 to 30 seconds', zh: '必须为 5 至 30 秒' }),
)
const timeOfDay = z
  .string()
  .refine(
    (text) => /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text),
    saying({ en: 'is not a time of day such as 22:00', zh: '不是如 22:00 的时刻' }),
  )

const parameterLimit = z
  .strictObject({
    /** Absent: of any equipment. */
    equipment: name.optional(),
    parameter: name,
    /** UCUM; an action in another unit is refused. */
    unit: name,
    low: number,
    high: number,
    /** Largest change at once, in `unit`. */
    max_step: number.min(0),
    /** Shortest time between two changes: seconds or interval text. */
    dwell: span,
  })
  .refine(
    ({ low, high }) => low <= high,
    saying({ en: 'is more than high, so no value is allowed', zh: '大于 high，没有任何值可用' }, 'low'),
  )

const quietHours = z
  .strictObject({
    /** `HH:MM` of the zone. */
    from: timeOfDay,
    /** `HH:MM`; before `from`: of the next day. */
    to: timeOfDay,
    /** IANA. */
    zone: z.string().refine(
      (text) => timeZone(text) !== undefined,
      saying({
        en: 'is no time zone of the IANA database; write e.g. Asia/Shanghai',
        zh: '不是 IANA 时区，应如 Asia/Shanghai',
      }),
    ),
    /** 1 (Monday) to 7, of the day on which it begins; absent: every day. */
    days: z.array(z.number().int().min(1).max(7)).min(1).max(7).readonly().optional(),
  })
  .refine(
    ({ from, to }) => from !== to,
    saying(
      {
        en: 'is the same as from; for a whole day use mode signed',
        zh: '与 from 相同；全天请改用 signed 模式',
      },
      'to',
    ),
  )

const count = z.number().int().min(1)
const atMost = z.number().int().min(0)

const limits = z.strictObject({
  /** Bounds that no signature opens. */
  parameters: z.array(parameterLimit).min(1).max(most).readonly().optional(),
  /** Actions of a kind that may begin by themselves within any hour, per tenant and product line. */
  per_hour: atMost.optional(),
  /** How much one action may touch by itself. */
  blast_radius: z
    .strictObject({ units: atMost.optional(), batches: atMost.optional(), orders: atMost.optional() })
    .optional(),
  /** Nothing begins by itself in them. */
  quiet_hours: z.array(quietHours).min(1).max(100).readonly().optional(),
})

const effectTest = z.strictObject({
  /** `complaint rate`, or a metric that a provider measures in the line. */
  metric: name,
  direction: z.enum(['down', 'up']),
  /** Smallest share by which the metric must move, 0 to 1. */
  minimum_effect: z.number().min(0).max(1),
  /** Time after the action that is not judged. */
  settle: span,
  /** Time that is judged. */
  window: longer,
  on_failure: z.enum(['reopen', 'revert']),
})

/** All that are given must hold; of a list, one. */
const when = z.strictObject({
  tenant: oneOrMore(name).optional(),
  product_line: oneOrMore(name).optional(),
  kind: oneOrMore(name).optional(),
  consequence: oneOrMore(z.enum(consequences)).optional(),
  /** The target can undo it, and its kind has an inverse. */
  reversible: z.boolean().optional(),
  /** It changes production; false: it tells people. */
  production: z.boolean().optional(),
  /** The rule or detector that asks for it. */
  rule: oneOrMore(name).optional(),
  target: oneOrMore(name).optional(),
})

const onlyWith = (mode: string, field: string) =>
  saying({ en: `only makes sense with mode ${mode}`, zh: `仅适用于 ${mode} 模式` }, field)

export const policyRuleSchema = z
  .strictObject({
    name,
    when: when.optional(),
    mode: z.enum(modes),
    /** Who must sign: so many different people, in a role where one is named. */
    signatures: z
      .array(z.strictObject({ role: name.optional(), count: count.max(10) }))
      .min(1)
      .max(10)
      .readonly()
      .optional(),
    /** They sign in the order in which they stand. */
    ordered: z.boolean().optional(),
    /** How long a leader can cancel it: 5 to 30 seconds. */
    grace: grace.optional(),
    /** Not begun later than so long after the finding. */
    deadline: longer.optional(),
    /** Its effect is taken back after so long. */
    expiry: longer.optional(),
    limits: limits.optional(),
    tests: z.array(effectTest).min(1).max(20).readonly().optional(),
  })
  .refine(({ mode, grace: time }) => time === undefined || mode === 'auto', onlyWith('auto', 'grace'))
  .refine(
    ({ mode, signatures }) => signatures === undefined || mode === 'signed',
    onlyWith('signed', 'signatures'),
  )
  .refine(({ mode, ordered }) => ordered === undefined || mode === 'signed', onlyWith('signed', 'ordered'))
  .refine(
    ({ mode, signatures }) => mode !== 'signed' || signatures !== undefined,
    saying(
      {
        en: 'is missing: mode signed must say who signs, e.g. [{ "role": "quality", "count": 1 }]',
        zh: '缺失：signed 模式必须说明由谁签字，例如 [{ "role": "quality", "count": 1 }]',
      },
      'signatures',
    ),
  )

export const policySchema = z
  .strictObject({
    version: z.literal(1),
    name,
    /** The first that matches decides how far an action goes; the limits of all that match hold. */
    rules: z.array(policyRuleSchema).max(most).readonly(),
    /** By product line. */
    phases: z.record(name, z.enum(phases)).optional(),
  })
  .superRefine(({ rules }, context) => {
    const seen = new Set<string>()
    rules.forEach((rule, index) => {
      const reason = { en: 'is the name of two rules', zh: '与另一条规则重名' }
      if (seen.has(rule.name))
        context.addIssue({ code: 'custom', ...saying(reason), path: ['rules', index, 'name'] })
      seen.add(rule.name)
    })
  })
