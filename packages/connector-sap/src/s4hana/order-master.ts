import type { CallContext } from '@andon/core/connector'
import { refused } from '../http/failures.js'
import { anyOf } from '../odata/query.js'
import { entityPath, text } from '../odata/v2.js'
import type { Tagged } from '../odata/v2-service.js'
import { mostAsked } from './batch-master.js'
import { type OrderEntity, orderEntity } from './entities.js'
import type { Means } from './means.js'

/** Longest order number of SAP. */
const longest = 12

export async function findOrders(
  { orders }: Means,
  numbers: readonly string[],
  context: CallContext,
): Promise<readonly Tagged<OrderEntity>[]> {
  const asked = [...new Set(numbers)].filter((number) => number !== '' && number.length <= longest)
  const found: Tagged<OrderEntity>[] = []
  for (let first = 0; first < asked.length; first += mostAsked) {
    const numbersHere = asked.slice(first, first + mostAsked)
    const filter = anyOf(numbersHere.map((number) => `ManufacturingOrder eq ${text(number)}`))
    const { items } = await orders.list({ set: 'A_ProductionOrder_2', filter }, orderEntity, context)
    found.push(...items)
  }
  return found
}

/** @throws AndonError TARGET_REFUSED when there is none */
export async function oneOrder(
  means: Means,
  number: string,
  context: CallContext,
): Promise<Tagged<OrderEntity>> {
  const [found] = await findOrders(means, [number], context)
  if (found !== undefined) return found
  throw refused(
    means.name,
    { en: `there is no production order ${number}`, zh: `没有生产订单 ${number}` },
    new RangeError('no such order'),
  )
}

export const orderPath = ({ ManufacturingOrder }: OrderEntity): string =>
  entityPath('A_ProductionOrder_2', ManufacturingOrder)

/** How far an order has come. */
export function orderStatus(order: OrderEntity): 'deleted' | 'closed' | 'completed' | 'released' | 'created' {
  if (order.OrderIsDeleted) return 'deleted'
  if (order.OrderIsClosed) return 'closed'
  if (order.OrderIsTechnicallyCompleted) return 'completed'
  return order.OrderIsReleased ? 'released' : 'created'
}

/** True when nothing of the order is to be made any more. */
export const isOver = (order: OrderEntity): boolean =>
  ['deleted', 'closed', 'completed'].includes(orderStatus(order))
