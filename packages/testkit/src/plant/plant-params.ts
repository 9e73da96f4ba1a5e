import * as z from 'zod'
import { intervalSeconds } from './interval-seconds.js'

const name = z.string().min(1).max(200)
const words = z.string().trim().min(1).max(4000)
/** Where a rule gives none, the action's own reason stands. */
const reason = words.optional()
const interval = z.union([z.number(), z.string()]).transform((value, context) => {
  const seconds = intervalSeconds(value)
  if (seconds !== undefined) return seconds
  context.addIssue('not an interval such as "30 minutes"')
  return z.NEVER
})

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

/** The parameters of each kind, as rules write them. What a kind has no name for is left out. */
export const plantParams = {
  'material.hold': material,
  'material.release': material,
  'parameter.adjust': z
    .object({
      equipment: name,
      parameter: name,
      from: z.number().optional(),
      to: z.number(),
      unit: z.string(),
      low: z.number(),
      high: z.number(),
      max_step: z.number().min(0),
      dwell: interval.optional(),
      expiry: z.union([z.string(), z.number()]).transform(String).optional(),
      reason,
    })
    .refine(({ low, to, high }) => low <= to && to <= high, {
      message: 'lies outside low … high',
      path: ['to'],
    })
    .refine(({ from, to, max_step }) => from === undefined || Math.abs(to - from) <= max_step + 1e-9, {
      message: 'is further from "from" than max_step',
      path: ['to'],
    }),
  'schedule.prioritise': z.object({ order: name, priority: z.int().min(1).max(9), reason }),
  'schedule.rework': z.object({
    order: name.optional(),
    batch: name.optional(),
    quantity: z.int().min(1).optional(),
    priority: z.int().min(1).max(9).optional(),
    reason,
  }),
  'inspection.request': z.object({
    batch: name.optional(),
    product_model: name.optional(),
    sample_size: z.int().min(1).optional(),
    reason,
  }),
  'quality.notification': z.object({
    title: words,
    text: words.optional(),
    product_model: name.optional(),
    batch: name.optional(),
  }),
  escalate: z.object({ to: name, text: words.optional() }),
  notify: z.object({ to: name, text: words.optional() }),
} as const

export type PlantKind = keyof typeof plantParams

export const plantKinds: readonly PlantKind[] = [
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
