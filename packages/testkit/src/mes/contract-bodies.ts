import * as z from 'zod'

/** What the published MES contract (andon-mes.v1) lets be asked; anything else is refused. */

const id = z.string().min(1).max(200)
const text = z.string().min(1).max(10_000)
const priority = z.int().min(1).max(9)
const serials = z.array(id).min(1).max(1_000)

const quote = z.looseObject({
  feedbackId: z.string(),
  channel: z.string(),
  at: z.string(),
  language: z.string(),
  text: z.string(),
  conditions: z.array(z.looseObject({ quantity: z.string(), text: z.string() })),
  evidence: z.array(z.looseObject({ uri: z.string(), mime: z.string() })).optional(),
})
const quotes = z.array(quote).max(100).optional()
const said = { reason: text, quotes }

export const lotHold = z.strictObject({ ...said, component: id.optional(), restores: id.optional() })
export const lotRelease = z.strictObject({ ...said, component: id.optional(), heldBy: id.optional() })
export const unitsHold = z.strictObject({ ...said, serials, restores: id.optional() })
export const unitsRelease = z.strictObject({ ...said, serials, heldBy: id.optional() })
export const prioritise = z.strictObject({ ...said, priority, restores: id.optional() })
export const cancellation = z.strictObject(said)
export const rework = z
  .strictObject({
    ...said,
    order: id.optional(),
    lot: id.optional(),
    quantity: z.int().min(1).optional(),
    priority: priority.optional(),
  })
  .refine(({ order, lot }) => order !== undefined || lot !== undefined, 'names neither an order nor a lot')
export const inspectionRequest = z.strictObject({
  ...said,
  lot: id.optional(),
  productModel: id.optional(),
  sampleSize: z.int().min(1).optional(),
})
export const notificationRequest = z.strictObject({
  ...{ title: z.string().min(1).max(4000), text, quotes },
  ...{ productModel: id.optional(), lot: id.optional() },
})
export const messageRequest = z.strictObject({ to: id, text, priority: priority.optional(), quotes })
export const parameterChange = z.strictObject({
  ...said,
  value: z.number(),
  unit: id,
  expects: z.number().optional(),
  bounds: z
    .strictObject({
      low: z.number().optional(),
      high: z.number().optional(),
      maxStep: z.number().min(0).optional(),
      dwellSeconds: z.number().min(0).optional(),
    })
    .default({}),
  validForSeconds: z.number().min(0).optional(),
  restores: id.optional(),
})

export const statesQuestion = z.strictObject({
  subjects: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.enum(['lot', 'unit', 'order']), id }),
        z.strictObject({ kind: z.literal('parameter'), equipment: id, id }),
      ]),
    )
    .max(500),
})
export const genealogyQuestion = z.strictObject({
  serials: z.array(id).max(10_000),
  lots: z.array(id).max(10_000),
  limit: z.int().min(0).max(100_000),
})
export const alarmsQuestion = z.strictObject({
  after: z.string().max(1_000).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  waitSeconds: z.coerce.number().int().min(0).max(60).default(0),
})
