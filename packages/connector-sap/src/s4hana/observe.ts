import type { CallContext, JsonObject, Observation, Subject } from '@andon/core/connector'
import { findBatches } from './batch-master.js'
import type { BatchEntity, OrderEntity } from './entities.js'
import type { Means } from './means.js'
import { findOrders, orderStatus } from './order-master.js'
import { priorityOf } from './order-priority.js'
import { blocked, ofType, stockOf, unrestricted } from './stock.js'

const unknown: Observation = { found: false, fields: {} }

const idsOf = (subjects: readonly Subject[], kind: Subject['kind']): readonly string[] =>
  subjects.filter((subject) => subject.kind === kind).map(({ id }) => id)

/** Says how batches and orders stand; S/4HANA knows nothing of units on the line and of machines. */
export async function observe(
  means: Means,
  subjects: readonly Subject[],
  context: CallContext,
): Promise<readonly Observation[]> {
  const batches = await batchesByNumber(means, idsOf(subjects, 'batch'), context)
  const orders = new Map<string, OrderEntity>()
  for (const { entity } of await findOrders(means, idsOf(subjects, 'order'), context)) {
    orders.set(entity.ManufacturingOrder, entity)
  }
  const observations: Observation[] = []
  for (const { kind, id } of subjects) {
    const order = kind === 'order' ? orders.get(id) : undefined
    const found = kind === 'batch' ? batches.get(id) : undefined
    if (order !== undefined) observations.push({ found: true, fields: orderFields(means, order) })
    else if (found !== undefined)
      observations.push({ found: true, fields: await batchFields(means, found, context) })
    else observations.push(unknown)
  }
  return observations
}

async function batchesByNumber(
  means: Means,
  numbers: readonly string[],
  context: CallContext,
): Promise<ReadonlyMap<string, readonly BatchEntity[]>> {
  const found = new Map<string, readonly BatchEntity[]>()
  for (const { entity } of await findBatches(means, numbers, context)) {
    found.set(entity.Batch, [...(found.get(entity.Batch) ?? []), entity])
  }
  return found
}

function orderFields({ settings }: Means, order: OrderEntity): JsonObject {
  const priority = priorityOf(settings, order)
  return { status: orderStatus(order), ...(priority !== undefined && { priority }) }
}

/** Of several batches with one number nothing is said when they do not agree. */
async function batchFields(
  means: Means,
  batches: readonly BatchEntity[],
  context: CallContext,
): Promise<JsonObject> {
  const held = new Set<boolean>()
  for (const batch of batches) held.add(await isHeld(means, batch, context))
  const [one, other] = held
  return one === undefined || other !== undefined ? {} : { held: one }
}

/** Restricted; or, where holds are stock transfers, blocked and nothing left that may be used. */
export async function isHeld(means: Means, batch: BatchEntity, context: CallContext): Promise<boolean> {
  if (means.settings.hold === 'restrict' || batch.MatlBatchIsInRstrcdUseStock) {
    return batch.MatlBatchIsInRstrcdUseStock
  }
  const entries = await stockOf(means, { material: batch.Material, batch: batch.Batch }, context)
  return ofType(entries, blocked).length > 0 && ofType(entries, unrestricted).length === 0
}
