import { parseSpan } from '@andon/core/connector'
import * as z from 'zod'

const name = z.string().min(1).max(200)
const words = z.string().trim().min(1).max(4000)
/** Where a rule gives none, the action's own reason stands. */
const reason = words.optional()
const seconds = z.union([z.number(), z.string()]).transform((value, context) => {
  const span = parseSpan(value)
  if (span !== undefined) return span / 1000
  context.addIssue('is not a time: whole seconds, or text such as "10 minutes"')
  return z.NEVER
})
const number = z.number()
const priority = z.int().min(1).max(9)
const quantity = z.int().min(1)

const material = z
  .object({
    batch: name.optional(),
    component: name.optional(),
    serials: z.array(name).min(1).max(1_000).optional(),
    reason,
  })
  .refine(({ batch, serials }) => (batch === undefined) !== (serials === undefined), {
    message: 'name a batch or serials, one of the two',
    path: ['batch'],
  })
const message = z.object({ to: name, text: words.optional(), reason })

/** The parameters of each kind, as rules write them. */
export const paramsOf = {
  'material.hold': material,
  'material.release': material,
  'parameter.adjust': z.object({
    ...{ equipment: name, parameter: name, from: number.optional(), to: number, unit: name },
    ...{ low: number, high: number, max_step: number.min(0) },
    ...{ dwell: seconds.optional(), expiry: seconds.optional(), reason },
  }),
  'schedule.prioritise': z.object({ order: name, priority, reason }),
  'schedule.rework': z
    .object({
      ...{ order: name.optional(), batch: name.optional(), quantity: quantity.optional() },
      ...{ priority: priority.optional(), reason },
    })
    .refine(({ order, batch }) => order !== undefined || batch !== undefined, {
      message: 'name an order or a batch',
      path: ['order'],
    }),
  'inspection.request': z
    .object({
      ...{ batch: name.optional(), product_model: name.optional() },
      ...{ sample_size: quantity.optional(), reason },
    })
    .refine(({ batch, product_model }) => batch !== undefined || product_model !== undefined, {
      message: 'name a batch or a product_model',
      path: ['batch'],
    }),
  'quality.notification': z.object({
    ...{ title: words, text: words.optional(), product_model: name.optional(), batch: name.optional() },
    reason,
  }),
  escalate: message,
  notify: message,
} as const

export type MesKind = keyof typeof paramsOf

export const mesKinds: readonly MesKind[] = [
  'material.hold',
  'material.release',
  'parameter.adjust',
  'schedule.prioritise',
  'schedule.rework',
  'inspection.request',
  'quality.notification',
  'escalate',
  'notify',
]

export const isMesKind = (kind: string): kind is MesKind => mesKinds.some((known) => known === kind)
