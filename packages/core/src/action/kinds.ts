import * as z from 'zod'
import type { Localized } from '../text.js'

/** What Andon knows about a kind of action. */
export interface ActionKind {
  readonly name: string
  readonly title: Localized
  /** Changes production: needs a known product, and an inverse to run in auto. */
  readonly production: boolean
  /** The parameters, in the rule language's snake_case. */
  readonly params: z.ZodObject
  /** The kind that undoes it; `revert` when the target restores what its receipt proves. */
  readonly inverse?: string
  /** The parameter that must name a batch before anything is held. */
  readonly batchParam?: string
}

const text = z.string().min(1).max(4000)
const name = z.string().min(1).max(200)
const number = z.number().finite()
const span = z.union([z.number().int().min(0), z.string().min(1).max(100)])

const adjustment = z
  .strictObject({
    equipment: name,
    parameter: name,
    /** The value it is believed to have; the target refuses when that is not so. */
    from: number.optional(),
    to: number,
    /** UCUM, e.g. `Cel`. */
    unit: name,
    low: number,
    high: number,
    /** Largest change in one step, in `unit`. */
    max_step: number.min(0),
    /** Shortest time between two changes: seconds or interval text. */
    dwell: span.optional(),
    /** After this long the old value comes back: seconds or interval text. */
    expiry: span.optional(),
    reason: text.optional(),
  })
  .refine(({ to, low, high }) => to >= low && to <= high, { path: ['to'], message: 'outside low and high' })
  .refine(({ from, to, max_step }) => from === undefined || Math.abs(to - from) <= max_step, {
    path: ['to'],
    message: 'further from "from" than max_step',
  })

/** The ten kinds of DESIGN section 6. */
export const actionKinds: readonly ActionKind[] = [
  {
    name: 'escalate',
    title: { en: 'Escalate', zh: '升级上报' },
    production: false,
    params: z.strictObject({ to: name, text: text.optional() }),
  },
  {
    name: 'notify',
    title: { en: 'Notify', zh: '通知' },
    production: false,
    params: z.strictObject({ to: name, text: text.optional() }),
  },
  {
    name: 'quality.notification',
    title: { en: 'Quality notification', zh: '质量通知单' },
    production: false,
    params: z.strictObject({
      title: text,
      text: text.optional(),
      product_model: name.optional(),
      batch: name.optional(),
    }),
  },
  {
    name: 'material.hold',
    title: { en: 'Hold material', zh: '冻结物料' },
    production: true,
    params: z.strictObject({ batch: name, component: name.optional(), reason: text }),
    inverse: 'material.release',
    batchParam: 'batch',
  },
  {
    name: 'material.release',
    title: { en: 'Release material', zh: '解除冻结' },
    production: true,
    params: z.strictObject({ batch: name, component: name.optional(), reason: text }),
    inverse: 'material.hold',
    batchParam: 'batch',
  },
  {
    name: 'parameter.adjust',
    title: { en: 'Adjust a parameter', zh: '调整工艺参数' },
    production: true,
    params: adjustment,
    inverse: 'revert',
  },
  {
    name: 'schedule.prioritise',
    title: { en: 'Prioritise an order', zh: '调整订单优先级' },
    production: true,
    params: z.strictObject({
      order: name,
      priority: z.number().int().min(1).max(9),
      reason: text.optional(),
    }),
    inverse: 'revert',
  },
  {
    name: 'schedule.rework',
    title: { en: 'Schedule rework', zh: '安排返工' },
    production: true,
    params: z.strictObject({
      order: name.optional(),
      batch: name.optional(),
      quantity: z.number().int().min(1).optional(),
      priority: z.number().int().min(1).max(9).optional(),
      reason: text.optional(),
    }),
    inverse: 'revert',
  },
  {
    name: 'inspection.request',
    title: { en: 'Request an inspection', zh: '申请检验' },
    production: true,
    params: z.strictObject({
      batch: name.optional(),
      product_model: name.optional(),
      sample_size: z.number().int().min(1).optional(),
      reason: text.optional(),
    }),
    inverse: 'revert',
  },
  {
    name: 'case.update',
    title: { en: 'Update the case', zh: '更新客服工单' },
    production: false,
    params: z.strictObject({ status: name.optional(), note: text.optional(), reply: text.optional() }),
  },
]

/** Looks kinds up by name; a connector's own kinds come on top. */
export function kindTable(extra: readonly ActionKind[] = []): ReadonlyMap<string, ActionKind> {
  return new Map([...actionKinds, ...extra].map((kind) => [kind.name, kind]))
}
