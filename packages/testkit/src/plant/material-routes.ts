import * as z from 'zod'
import { type Floor, newBatch, nextNumber, type PlantBatch } from './floor.js'
import { unitsWith } from './genealogy.js'
import { quotesSchema } from './quotes.js'
import { type Answer, known, Refusal, type Route, reading, toChange, writing } from './route.js'

const name = z.string().min(1).max(200)
const reason = z.string().trim().min(1).max(10_000)

export const batchKind = { en: 'batch', zh: '批次' }

/** An answer names so many units; it counts all of them. */
const mostUnits = 1_000

/** What the answer to a write says of a batch: the words and the holds of others are left out. */
function shown(floor: Floor, batch: PlantBatch): Answer {
  const { quotes: _, holds: __, ...answer } = batch
  return { ...answer, ...inProcess(floor, batch) }
}

function inProcess(floor: Floor, batch: PlantBatch): Answer {
  const serials = unitsWith(floor, batch)
  return { unitsInProcess: serials.slice(0, mostUnits), unitCount: serials.length }
}

/** Keeps `status`, `heldBy` and `reason` in step with the holds. */
function settle(batch: PlantBatch): void {
  const [oldest] = batch.holds
  batch.status = oldest === undefined ? 'free' : 'held'
  batch.heldBy = oldest?.action ?? null
  batch.reason = oldest?.reason ?? null
}

function checkComponent({ batch, component }: PlantBatch, named: string | undefined): void {
  if (named === undefined || named === component) return
  const [en, zh] = component === null ? ['a finished-goods lot', '成品批次'] : [component, component]
  throw new Refusal(422, 'component_differs', {
    en: `batch ${batch} is ${en}, not ${named}`,
    zh: `批次 ${batch} 是 ${zh}，不是 ${named}`,
  })
}

const holdBody = z.object({
  reason,
  component: name.optional(),
  quotes: quotesSchema,
  /** The action whose release this takes back. */
  restores: name.optional(),
})

/** A release takes away one hold when `hold` names its action, and all of them otherwise. */
const releaseBody = z.object({ reason, component: name.optional(), hold: name.optional() })

export const materialRoutes: readonly Route[] = [
  reading('/batches', (floor) => ({ batches: [...floor.batches.values()] })),
  reading('/batches/:', (floor, [id = '']) => {
    const batch = known(floor.batches, id, batchKind)
    return { ...batch, ...inProcess(floor, batch) }
  }),
  writing(
    'POST',
    '/batches',
    z.object({ batch: name, component: name.optional(), quantity: z.int().min(0).optional() }),
    (floor, _ids, { batch: id, component = null, quantity = null }) => {
      if (floor.batches.has(id)) {
        throw new Refusal(409, 'exists', { en: `batch ${id} is here already`, zh: `批次 ${id} 已存在` })
      }
      const batch = newBatch(id, component, quantity)
      floor.batches.set(id, batch)
      return { reference: nextNumber(floor, 'RECEIPT'), answer: { ...batch } }
    },
  ),
  writing('POST', '/batches/:/hold', holdBody, (floor, [id = ''], body, writer) => {
    const found = known(floor.batches, id, batchKind)
    checkComponent(found, body.component)
    const batch = toChange(found, writer)
    batch.holds.push({ action: writer.action, reason: body.reason, at: writer.at })
    batch.quotes.push(...body.quotes)
    settle(batch)
    const undoes = [body.restores ?? null]
    return { reference: nextNumber(floor, 'HOLD'), answer: shown(floor, batch), done: !writer.wrong, undoes }
  }),
  writing('POST', '/batches/:/release', releaseBody, (floor, [id = ''], body, writer) => {
    const found = known(floor.batches, id, batchKind)
    checkComponent(found, body.component)
    const batch = toChange(found, writer)
    const released = batch.holds.filter(({ action }) => body.hold === undefined || action === body.hold)
    if (released.length === 0) {
      throw new Refusal(409, 'not_held', {
        en: `batch ${id} has no such hold`,
        zh: `批次 ${id} 没有这样的冻结`,
      })
    }
    batch.holds = batch.holds.filter((hold) => !released.includes(hold))
    settle(batch)
    return {
      reference: nextNumber(floor, 'RELEASE'),
      answer: { ...shown(floor, batch), released, releaseReason: body.reason },
      ...{ done: !writer.wrong, undoes: released.map(({ action }) => action) },
    }
  }),
]
