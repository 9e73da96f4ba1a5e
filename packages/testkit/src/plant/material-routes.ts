import * as z from 'zod'
import { type Floor, newBatch, nextNumber, type PlantBatch, quoteSchema } from './floor.js'
import { known, Refusal, type Route, reading, writing } from './route.js'

const name = z.string().min(1).max(200)
const reason = z.string().trim().min(1).max(10_000)

export const batchKind = { en: 'batch', zh: '批次' }
const unitKind = { en: 'unit', zh: '在制品' }

/** The units in process that have the batch in them. */
const unitsWith = (floor: Floor, { component, batch }: PlantBatch): readonly string[] =>
  [...floor.units.values()]
    .filter(({ componentBatches }) => componentBatches[component] === batch)
    .map(({ serial }) => serial)

/** Keeps `status`, `heldBy` and `reason` in step with the holds. */
function settle(batch: PlantBatch): void {
  const [oldest] = batch.holds
  batch.status = oldest === undefined ? 'free' : 'held'
  batch.heldBy = oldest?.action ?? null
  batch.reason = oldest?.reason ?? null
}

function checkComponent({ batch, component }: PlantBatch, named: string | undefined): void {
  if (named === undefined || named === component) return
  throw new Refusal(422, 'component_differs', {
    en: `batch ${batch} is ${component}, not ${named}`,
    zh: `批次 ${batch} 是 ${component}，不是 ${named}`,
  })
}

const holdBody = z.object({ reason, component: name.optional(), quotes: z.array(quoteSchema).default([]) })

/** A release takes away one hold when `hold` names its action, and all of them otherwise. */
const releaseBody = z.object({ reason, component: name.optional(), hold: name.optional() })

export const materialRoutes: readonly Route[] = [
  reading('/batches', (floor) => ({ batches: [...floor.batches.values()] })),
  reading('/batches/:', (floor, [id = '']) => {
    const batch = known(floor.batches, id, batchKind)
    return { ...batch, unitsInProcess: unitsWith(floor, batch) }
  }),
  writing(
    'POST',
    '/batches',
    z.object({ batch: name, component: name, quantity: z.int().min(0).optional() }),
    (floor, _ids, { batch: id, component, quantity }) => {
      if (floor.batches.has(id)) {
        throw new Refusal(409, 'exists', { en: `batch ${id} is here already`, zh: `批次 ${id} 已存在` })
      }
      const batch = newBatch(id, component, quantity ?? null)
      floor.batches.set(id, batch)
      return { reference: nextNumber(floor, 'RECEIPT'), answer: { ...batch } }
    },
  ),
  writing('POST', '/batches/:/hold', holdBody, (floor, [id = ''], body, { action, at }) => {
    const batch = known(floor.batches, id, batchKind)
    checkComponent(batch, body.component)
    batch.holds.push({ action, reason: body.reason, at })
    batch.quotes.push(...body.quotes)
    settle(batch)
    const unitsInProcess = unitsWith(floor, batch)
    return { reference: nextNumber(floor, 'HOLD'), answer: { ...batch, unitsInProcess } }
  }),
  writing('POST', '/batches/:/release', releaseBody, (floor, [id = ''], body) => {
    const batch = known(floor.batches, id, batchKind)
    checkComponent(batch, body.component)
    const released = batch.holds.filter(({ action }) => body.hold === undefined || action === body.hold)
    if (released.length === 0) {
      throw new Refusal(409, 'not_held', {
        en: `batch ${id} has no such hold`,
        zh: `批次 ${id} 没有这样的冻结`,
      })
    }
    batch.holds = batch.holds.filter((hold) => !released.includes(hold))
    settle(batch)
    const answer = { ...batch, released, releaseReason: body.reason }
    return { reference: nextNumber(floor, 'RELEASE'), answer }
  }),
  reading('/units', (floor) => ({ units: [...floor.units.values()] })),
  reading('/units/:', (floor, [serial = '']) => ({ ...known(floor.units, serial, unitKind) })),
  writing('POST', '/units/:/move', z.object({ location: name }), (floor, [serial = ''], { location }) => {
    const unit = known(floor.units, serial, unitKind)
    unit.location = location
    return { reference: nextNumber(floor, 'MOVE'), answer: { ...unit } }
  }),
]
