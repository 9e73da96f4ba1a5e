import * as z from 'zod'
import { type Floor, nextNumber, type PlantOrder, type PlantUnit } from './floor.js'
import { buildIn } from './genealogy.js'
import { batchKind } from './material-routes.js'
import { changedSince, known, nothingLeft, Refusal, type Route, reading, writing } from './route.js'

const name = z.string().min(1).max(200)
const reason = z.string().trim().min(1).max(10_000)
const priority = z.int().min(1).max(9)

const orderKind = { en: 'order', zh: '订单' }

/** Refuses unless the order stands where it must. */
function demand(order: PlantOrder, ...statuses: readonly PlantOrder['status'][]): void {
  if (statuses.includes(order.status)) return
  throw new Refusal(409, `order_${order.status}`, {
    en: `order ${order.id} is ${order.status}; it would have to be ${statuses.join(' or ')}`,
    zh: `订单 ${order.id} 的状态为 ${order.status}，应为 ${statuses.join(' 或 ')}`,
  })
}

const consumeBody = z.object({ batch: name, quantity: z.int().min(1).default(1), serial: name.optional() })

function consume(floor: Floor, order: PlantOrder, body: z.infer<typeof consumeBody>): PlantUnit | undefined {
  demand(order, 'released')
  const batch = known(floor.batches, body.batch, batchKind)
  if (batch.status === 'held') {
    throw new Refusal(409, 'batch_held', {
      en: `batch ${batch.batch} is held: ${batch.reason}`,
      zh: `批次 ${batch.batch} 已冻结：${batch.reason}`,
    })
  }
  if (batch.quantity !== null && batch.quantity < body.quantity) {
    throw new Refusal(409, 'used_up', {
      en: `batch ${batch.batch} has ${batch.quantity} left`,
      zh: `批次 ${batch.batch} 仅剩 ${batch.quantity}`,
    })
  }
  if (batch.quantity !== null) batch.quantity -= body.quantity
  batch.consumed += body.quantity
  if (body.serial === undefined || batch.component === null) return undefined
  const unit: PlantUnit = floor.units.get(body.serial) ?? {
    ...{ serial: body.serial, model: order.model ?? order.id, componentBatches: {}, location: 'line' },
    ...{ batch: null, line: null, held: false, holds: [] },
  }
  floor.units.set(unit.serial, unit)
  buildIn(floor, unit, batch.component, batch.batch)
  return unit
}

const reworkBody = z
  .object({ order: name.optional(), batch: name.optional(), quantity: z.int().min(1).optional(), reason })
  .extend({ priority: priority.default(1) })
  .refine(
    ({ order, batch }) => order !== undefined || batch !== undefined,
    'names neither an order nor a batch',
  )

/** `restores` names the action whose change this one takes back. */
const priorityBody = z.object({ priority, reason, restores: name.optional() })

export const orderRoutes: readonly Route[] = [
  reading('/orders', (floor) => ({ orders: [...floor.orders.values()] })),
  reading('/orders/:', (floor, [id = '']) => ({ ...known(floor.orders, id, orderKind) })),
  writing('PUT', '/orders/:/priority', priorityBody, (floor, [id = ''], body, { action }) => {
    const order = known(floor.orders, id, orderKind)
    const { restores = null } = body
    if (restores !== null && order.changedBy !== restores) {
      if (order.priority === body.priority) throw nothingLeft()
      throw changedSince()
    }
    demand(order, 'planned')
    const previousPriority = order.priority
    order.priority = body.priority
    order.reason = body.reason
    order.changedBy = action
    const answer = { ...order, previousPriority }
    return { reference: nextNumber(floor, 'PRIORITY'), answer, undoes: [restores] }
  }),
  writing('POST', '/orders/:/release', z.object({}), (floor, [id = '']) => {
    const order = known(floor.orders, id, orderKind)
    demand(order, 'planned')
    order.status = 'released'
    return { reference: id, answer: { ...order } }
  }),
  writing('POST', '/orders/:/finish', z.object({}), (floor, [id = '']) => {
    const order = known(floor.orders, id, orderKind)
    demand(order, 'released')
    order.status = 'finished'
    return { reference: id, answer: { ...order } }
  }),
  writing('POST', '/orders/:/consume', consumeBody, (floor, [id = ''], body) => {
    const order = known(floor.orders, id, orderKind)
    const unit = consume(floor, order, body)
    const answer = { order: id, batch: body.batch, quantity: body.quantity, ...(unit && { unit }) }
    return { reference: nextNumber(floor, 'ISSUE'), answer }
  }),
  writing('POST', '/rework', reworkBody, (floor, _ids, body, { action }) => {
    const about = { order: body.order ?? null, batch: body.batch ?? null }
    const origin = body.order === undefined ? undefined : known(floor.orders, body.order, orderKind)
    if (body.batch !== undefined) known(floor.batches, body.batch, batchKind)
    const order: PlantOrder = {
      ...{ id: nextNumber(floor, 'RW'), kind: 'rework', status: 'planned', about, createdBy: action },
      ...{ model: origin?.model ?? null, quantity: body.quantity ?? origin?.quantity ?? null },
      ...{ priority: body.priority, reason: body.reason, changedBy: null },
    }
    floor.orders.set(order.id, order)
    return { reference: order.id, answer: { ...order } }
  }),
  writing('POST', '/orders/:/cancel', z.object({ reason }), (floor, [id = ''], body) => {
    const order = known(floor.orders, id, orderKind)
    demand(order, 'planned')
    order.status = 'cancelled'
    order.reason = body.reason
    return { reference: nextNumber(floor, 'CANCEL'), answer: { ...order }, undoes: [order.createdBy] }
  }),
]
