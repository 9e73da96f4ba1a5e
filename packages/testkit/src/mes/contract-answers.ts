import * as z from 'zod'

/** What the floor says of a thing, said in the words of the published MES contract. */

const text = z.string().nullable().optional()
const count = z.number().nullable().optional()

/** The contract leaves out what there is not; the floor says null. */
function present<T extends object>(from: T): object {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => value !== null && value !== undefined))
}

const instantOf = (at: number | null | undefined): string | undefined =>
  typeof at === 'number' ? new Date(at).toISOString() : undefined

const reference = z.string()

export const lotAnswer = z
  .object({
    ...{ reference, batch: z.string(), status: z.string(), component: text, quantity: count, location: text },
    ...{ unitsInProcess: z.array(z.string()), unitCount: z.number() },
  })
  .transform(({ reference, batch, status, unitsInProcess: units, ...lot }) => ({
    reference,
    lot: { lot: batch, held: status === 'held', ...present(lot), units },
  }))

export const unitsAnswer = z
  .object({ reference, units: z.array(z.object({ serial: z.string(), held: z.boolean() })) })
  .transform(({ reference, units }) => ({ reference, units }))

const order = z.object({
  ...{ reference, id: z.string(), kind: z.string(), status: z.string(), priority: z.number(), model: text },
  ...{ quantity: count, about: z.object({ order: text, batch: text }) },
})
function orderOf({ id, kind, status, priority, model, quantity, about }: z.infer<typeof order>): object {
  const made = { aboutOrder: about.order, aboutLot: about.batch }
  return present({ id, kind, status, priority, productModel: model, quantity, ...made })
}

export const orderAnswer = order.transform((told) => ({ reference: told.reference, order: orderOf(told) }))

export const priorityAnswer = order
  .extend({ previousPriority: z.number() })
  .transform(({ previousPriority, ...told }) => ({
    ...{ reference: told.reference, order: orderOf(told), previousPriority },
  }))

export const inspectionAnswer = z
  .object({
    ...{ reference, id: z.string(), status: z.string(), batch: text, productModel: text, sampleSize: count },
  })
  .transform(({ reference, id, status, batch, productModel, sampleSize }) => ({
    reference,
    inspection: present({ id, status, lot: batch, productModel, sampleSize }),
  }))

export const notificationAnswer = z
  .object({ reference, id: z.string(), status: z.string(), title: z.string() })
  .transform(({ reference, ...notification }) => ({ reference, notification }))

export const messageAnswer = z
  .object({ reference, id: z.string(), to: z.string() })
  .transform(({ reference, ...message }) => ({ reference, message }))

export const parameterAnswer = z
  .object({
    ...{ reference, previousValue: z.number(), value: z.number(), unit: z.string() },
    ...{ low: z.number(), high: z.number(), maxStep: z.number(), dwellSeconds: z.number(), changedAt: count },
  })
  .transform(({ reference, previousValue, changedAt, ...parameter }) => ({
    ...{ reference, previousValue },
    parameter: present({ ...parameter, changedAt: instantOf(changedAt) }),
  }))

export const statesAnswer = z
  .object({
    observations: z.array(z.object({ found: z.boolean(), fields: z.record(z.string(), z.json()) })),
  })
  .transform(({ observations }) => ({
    states: observations.map(({ found, fields }) => ({ found, ...fields })),
  }))

export const genealogyAnswer = z
  .object({
    units: z.array(
      z.looseObject({
        ...{ batch: z.string().optional(), componentBatches: z.record(z.string(), z.string()).optional() },
      }),
    ),
    batches: z.array(z.looseObject({ batch: z.string() })),
    unknown: z.array(z.string()),
    cut: z.boolean(),
  })
  .transform(({ units, batches, unknown, cut: truncated }) => ({
    units: units.map(({ batch: lot, componentBatches: componentLots, ...unit }) =>
      present({ ...unit, lot, componentLots }),
    ),
    lots: batches.map(({ batch: lot, ...rest }) => ({ lot, ...rest })),
    ...{ unknown, truncated },
  }))

/** What the floor keeps of an action id. */
export const deedSchema = z.object({
  ...{ id: z.string(), request: z.string(), reference, at: z.number() },
  answer: z.record(z.string(), z.json()),
})
