import * as z from 'zod'
import type { SubjectState } from '../../connector/subject.js'
import type { JsonValue } from '../../json.js'
import { name, priority, text } from './fields.js'
import type { ActionKind } from './kind.js'

/** Something is asked of a thing, and nothing of it is compared. */
const touched = (kind: 'batch' | 'order', id: JsonValue | undefined): readonly SubjectState[] =>
  typeof id === 'string' ? [{ subject: { kind, id }, fields: {} }] : []

const quantity = z.number().int().min(1)

export const scheduleKinds: readonly ActionKind[] = [
  {
    name: 'schedule.prioritise',
    title: { en: 'Prioritise an order', zh: '调整订单优先级' },
    production: true,
    params: z.strictObject({ order: name, priority, reason: text.optional() }),
    inverse: 'revert',
    effects: (given) => [
      { subject: { kind: 'order', id: String(given.order) }, fields: { priority: given.priority ?? null } },
    ],
  },
  {
    name: 'schedule.rework',
    title: { en: 'Schedule rework', zh: '安排返工' },
    production: true,
    params: z.strictObject({
      order: name.optional(),
      batch: name.optional(),
      /** Pieces. */
      quantity: quantity.optional(),
      priority: priority.optional(),
      reason: text.optional(),
    }),
    inverse: 'revert',
    effects: ({ order, batch }) => [...touched('order', order), ...touched('batch', batch)],
  },
  {
    name: 'inspection.request',
    title: { en: 'Request an inspection', zh: '申请检验' },
    production: true,
    consequence: 'low',
    params: z.strictObject({
      batch: name.optional(),
      product_model: name.optional(),
      /** Pieces to look at. */
      sample_size: quantity.optional(),
      reason: text.optional(),
    }),
    inverse: 'revert',
  },
]
