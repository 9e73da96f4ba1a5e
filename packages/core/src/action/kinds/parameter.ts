import * as z from 'zod'
import { saying } from '../../feedback/zod-reasons.js'
import { name, number, span, text } from './fields.js'
import type { ActionKind } from './kind.js'

const params = z
  .strictObject({
    equipment: name,
    parameter: name,
    /** The value it is believed to have; it is refused when that is not so. */
    from: number.optional(),
    to: number,
    /** UCUM, e.g. `Cel`. */
    unit: name,
    /** The range that it may have, in `unit`. */
    low: number,
    high: number,
    /** Largest change at once, in `unit`. */
    max_step: number.min(0),
    /** Shortest time between two changes: seconds or interval text. */
    dwell: span.optional(),
    /** After this long the old value comes back: seconds or interval text. */
    expiry: span.optional(),
    reason: text.optional(),
  })
  .refine(
    ({ to, low, high }) => to >= low && to <= high,
    saying({ en: 'is outside low and high', zh: '超出 low 与 high 的范围' }, 'to'),
  )
  .refine(
    ({ from, to, max_step }) => from === undefined || Math.abs(to - from) <= max_step + stepTolerance,
    saying({ en: 'is further from "from" than max_step', zh: '与 from 的差超过 max_step' }, 'to'),
  )

/** Floating point must not refuse a step of exactly the largest size: 0.3 − 0.1 > 0.2. */
export const stepTolerance = 1e-9

export const parameterKinds: readonly ActionKind[] = [
  {
    name: 'parameter.adjust',
    title: { en: 'Adjust a parameter', zh: '调整工艺参数' },
    production: true,
    consequence: 'high',
    params,
    inverse: 'revert',
    effects: ({ equipment, parameter, to = null, unit = null }) => [
      {
        subject: { kind: 'parameter', equipment: String(equipment), id: String(parameter) },
        fields: { value: to, unit },
      },
    ],
  },
]
