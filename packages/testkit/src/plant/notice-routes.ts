import * as z from 'zod'
import { nextNumber, type PlantInspection, type PlantMessage, type PlantNotification } from './floor.js'
import { batchKind } from './material-routes.js'
import { quotesSchema } from './quotes.js'
import { known, Refusal, type Route, reading, writing } from './route.js'

const name = z.string().min(1).max(200)
const text = z.string().trim().min(1).max(10_000)
const quotes = quotesSchema

const notificationKind = { en: 'notification', zh: '质量通知单' }
const inspectionKind = { en: 'inspection', zh: '检验' }

const notificationBody = z.object({
  title: z.string().trim().min(1).max(4000),
  text,
  productModel: name.optional(),
  batch: name.optional(),
  quotes,
})
const inspectionBody = z
  .object({
    batch: name.optional(),
    productModel: name.optional(),
    sampleSize: z.int().min(1).optional(),
    reason: text,
    quotes,
  })
  .refine(
    ({ batch, productModel }) => batch !== undefined || productModel !== undefined,
    'nothing to inspect',
  )
const messageBody = z.object({ to: name, text, priority: z.int().min(1).max(9).optional(), quotes })

/** The answer to a write: whoever wrote knows the quotes. */
function said<T extends { readonly quotes: unknown }>({ quotes: _, ...notice }: T): Omit<T, 'quotes'> {
  return notice
}

const notOpen = (id: string): Refusal =>
  new Refusal(409, 'not_open', { en: `${id} is not open any more`, zh: `${id} 已不再打开` })

export const noticeRoutes: readonly Route[] = [
  reading('/notifications', (floor) => ({ notifications: [...floor.notifications.values()] })),
  reading('/notifications/:', (floor, [id = '']) => ({
    ...known(floor.notifications, id, notificationKind),
  })),
  writing('POST', '/notifications', notificationBody, (floor, _ids, body, { action, at }) => {
    if (body.batch !== undefined) known(floor.batches, body.batch, batchKind)
    const notification: PlantNotification = {
      ...{ id: nextNumber(floor, 'QN'), title: body.title, text: body.text, quotes: body.quotes },
      ...{ productModel: body.productModel ?? null, batch: body.batch ?? null },
      ...{ createdBy: action, at, status: 'open' },
    }
    floor.notifications.set(notification.id, notification)
    return { reference: notification.id, answer: said(notification) }
  }),
  writing('POST', '/notifications/:/withdraw', z.object({ reason: text }), (floor, [id = '']) => {
    const notification = known(floor.notifications, id, notificationKind)
    if (notification.status !== 'open') throw notOpen(id)
    notification.status = 'withdrawn'
    return { reference: id, answer: said(notification), undoes: [notification.createdBy] }
  }),
  reading('/inspections', (floor) => ({ inspections: [...floor.inspections.values()] })),
  reading('/inspections/:', (floor, [id = '']) => ({ ...known(floor.inspections, id, inspectionKind) })),
  writing('POST', '/inspections', inspectionBody, (floor, _ids, body, { action, at }) => {
    if (body.batch !== undefined) known(floor.batches, body.batch, batchKind)
    const inspection: PlantInspection = {
      ...{ id: nextNumber(floor, 'INSP'), reason: body.reason, quotes: body.quotes, status: 'open' },
      sampleSize: body.sampleSize ?? null,
      ...{ productModel: body.productModel ?? null, batch: body.batch ?? null, createdBy: action, at },
    }
    floor.inspections.set(inspection.id, inspection)
    return { reference: inspection.id, answer: said(inspection) }
  }),
  writing('POST', '/inspections/:/cancel', z.object({ reason: text }), (floor, [id = '']) => {
    const inspection = known(floor.inspections, id, inspectionKind)
    if (inspection.status !== 'open') throw notOpen(id)
    inspection.status = 'cancelled'
    return { reference: id, answer: said(inspection), undoes: [inspection.createdBy] }
  }),
  reading('/messages', (floor) => ({ messages: [...floor.messages.values()] })),
  reading('/messages/:', (floor, [id = '']) => ({
    ...known(floor.messages, id, { en: 'message', zh: '消息' }),
  })),
  writing('POST', '/messages', messageBody, (floor, _ids, body, { action, at }) => {
    const message: PlantMessage = {
      ...{ id: nextNumber(floor, 'MSG'), to: body.to, text: body.text, quotes: body.quotes },
      ...{ priority: body.priority ?? null, createdBy: action, at },
    }
    floor.messages.set(message.id, message)
    return { reference: message.id, answer: said(message) }
  }),
]
