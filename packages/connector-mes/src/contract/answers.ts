import * as z from 'zod'
import type { MesReads, MesSchemas, MesWriteName, MesWriteShapes } from './operations.js'

/** What is read of the answers. More than that may stand in them: the contract lets answers grow. */

const id = z.string().min(1)
const text = z.string().exactOptional()
const count = z.number().exactOptional()
const held = z.boolean()

const lotAnswer: z.ZodType<MesSchemas['LotAnswer']> = z.object({
  reference: id,
  lot: z.object({
    ...{ lot: id, held, component: text, quantity: count, location: text, unitCount: count },
    units: z.array(z.string()).exactOptional(),
  }),
})

const unitsAnswer: z.ZodType<MesSchemas['UnitsAnswer']> = z.object({
  reference: id,
  units: z.array(z.object({ serial: id, held })),
})

const order = z.object({
  ...{ id, priority: z.number(), status: text, kind: text, productModel: text, quantity: count },
  ...{ aboutOrder: text, aboutLot: text },
})
const orderAnswer: z.ZodType<MesSchemas['OrderAnswer']> = z.object({ reference: id, order })
const inspectionAnswer: z.ZodType<MesSchemas['InspectionAnswer']> = z.object({
  reference: id,
  inspection: z.object({ id, status: z.string(), lot: text, productModel: text, sampleSize: count }),
})
const notificationAnswer: z.ZodType<MesSchemas['NotificationAnswer']> = z.object({
  reference: id,
  notification: z.object({ id, status: z.string(), title: text }),
})

/** By the write that was answered. */
export const writeAnswers: { readonly [K in MesWriteName]: z.ZodType<MesWriteShapes[K][1]> } = {
  holdLot: lotAnswer,
  releaseLot: lotAnswer,
  holdUnits: unitsAnswer,
  releaseUnits: unitsAnswer,
  prioritiseOrder: z.object({ reference: id, order, previousPriority: z.number() }),
  scheduleRework: orderAnswer,
  cancelRework: orderAnswer,
  requestInspection: inspectionAnswer,
  cancelInspection: inspectionAnswer,
  raiseNotification: notificationAnswer,
  withdrawNotification: notificationAnswer,
  sendMessage: z.object({ reference: id, message: z.object({ id, to: z.string() }) }),
  adjustParameter: z.object({
    reference: id,
    parameter: z.object({
      ...{ value: z.number(), unit: z.string(), low: count, high: count, maxStep: count },
      ...{ dwellSeconds: count, changedAt: text },
    }),
    previousValue: z.number(),
  }),
}

export const actionRecord: z.ZodType<MesSchemas['ActionRecord']> = z.object({
  ...{ actionId: id, operation: z.string(), reference: id, at: z.string() },
  result: z.record(z.string(), z.json()),
})

type Answered<K extends keyof MesReads> = z.ZodType<Awaited<ReturnType<MesReads[K]>>>

const plain = z.union([z.number(), z.string(), z.boolean()])
const limits = { low: count, high: count }

export const readAnswers: { readonly [K in keyof MesReads]: Answered<K> } = {
  getStatus: z.object({
    contract: z.literal('andon-mes/1'),
    operations: z.array(z.string()).exactOptional(),
  }),
  getStates: z.object({
    states: z.array(
      z.object({
        ...{ found: z.boolean(), held: held.exactOptional(), priority: count, status: text },
        ...{ value: count, unit: text, ...limits, maxStep: count, dwellSeconds: count },
        secondsSinceChange: count,
      }),
    ),
  }),
  traceGenealogy: z.object({
    units: z.array(
      z.object({
        ...{ serial: id, productModel: text, lot: text, line: text, location: text },
        componentLots: z.record(z.string(), z.string()).exactOptional(),
      }),
    ),
    lots: z.array(
      z.object({ lot: id, component: text, location: text, quantity: count, held: held.exactOptional() }),
    ),
    unknown: z.array(z.string()),
    truncated: z.boolean(),
  }),
  listAlarms: z.object({
    alarms: z.array(
      z.looseObject({
        ...{ conditionId: id, active: z.boolean(), message: z.string(), time: z.string() },
        ...{ activeSince: text, conditionName: text, severity: count, equipment: text, plant: text },
        ...{ line: text, productModel: text, serialNumber: text, lot: text, faultCode: text },
        componentLots: z.record(z.string(), z.string()).exactOptional(),
        values: z.array(z.object({ name: z.string(), value: plain, unit: text, ...limits })).exactOptional(),
        attributes: z.record(z.string(), plain).exactOptional(),
      }),
    ),
    next: z.string().max(1_000),
  }),
}
