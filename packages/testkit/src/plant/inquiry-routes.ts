import type {
  JsonObject,
  Observation,
  Subject,
  TraceAnswer,
  TracedBatch,
  TracedUnit,
} from '@andon/core/connector'
import * as z from 'zod'
import type { Floor, PlantUnit } from './floor.js'
import { asking, type Route } from './route.js'

const id = z.string().min(1).max(200)

/** The most subjects in one question. */
export const mostSubjects = 500

const observeBody = z.object({
  subjects: z
    .array(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.enum(['batch', 'unit', 'order']), id }),
        z.object({ kind: z.literal('parameter'), equipment: id, id }),
      ]),
    )
    .max(mostSubjects),
})

const traceBody = z.object({
  serials: z.array(id),
  batches: z.array(id),
  limit: z.int().min(0),
})

const unknown: Observation = { found: false, fields: {} }
const known = (fields: JsonObject): Observation => ({ found: true, fields })

function observed(floor: Floor, subject: Subject, at: number): Observation {
  switch (subject.kind) {
    case 'batch': {
      const batch = floor.batches.get(subject.id)
      return batch === undefined ? unknown : known({ held: batch.status === 'held' })
    }
    case 'unit': {
      const unit = floor.units.get(subject.id)
      return unit === undefined ? unknown : known({ held: unit.held })
    }
    case 'order': {
      const order = floor.orders.get(subject.id)
      return order === undefined ? unknown : known({ priority: order.priority, status: order.status })
    }
    case 'parameter': {
      const parameters = floor.equipment.get(subject.equipment)?.parameters ?? {}
      const parameter = Object.hasOwn(parameters, subject.id) ? parameters[subject.id] : undefined
      if (parameter === undefined) return unknown
      const { value, unit, low, high, maxStep, dwellSeconds, changedAt } = parameter
      const limits = { value, unit, low, high, maxStep, dwellSeconds }
      return known(changedAt === null ? limits : { ...limits, secondsSinceChange: (at - changedAt) / 1000 })
    }
  }
}

function tracedUnit({ serial, model, batch, componentBatches, line, location }: PlantUnit): TracedUnit {
  return {
    ...{ serial, productModel: model, componentBatches, location },
    ...(batch !== null && { batch }),
    ...(line !== null && { line }),
  }
}

/** A lot that is only known from units that have it has nothing to tell but its number. */
function tracedBatch(floor: Floor, batch: string): TracedBatch | undefined {
  const found = floor.batches.get(batch)
  if (found === undefined) return floor.unitsByBatch.has(batch) ? { batch } : undefined
  const { component, location, quantity, status } = found
  return {
    ...{ batch, held: status === 'held' },
    ...(component !== null && { component }),
    ...(location !== null && { location }),
    ...(quantity !== null && { quantity }),
  }
}

function traced(floor: Floor, { serials, batches, limit }: z.infer<typeof traceBody>): TraceAnswer {
  const lots = [...new Set(batches)].map((batch) => [batch, tracedBatch(floor, batch)] as const)
  const unknown = lots.flatMap(([batch, found]) => (found === undefined ? [batch] : []))
  const named = new Set(serials)
  const wanted = new Set([...named].filter((serial) => floor.units.has(serial)))
  unknown.unshift(...[...named].filter((serial) => !wanted.has(serial)))
  for (const [batch] of lots) {
    for (const serial of floor.unitsByBatch.get(batch) ?? []) wanted.add(serial)
  }
  const shown = [...wanted].slice(0, limit).flatMap((serial) => floor.units.get(serial) ?? [])
  return {
    units: shown.map(tracedUnit),
    batches: lots.flatMap(([, found]) => found ?? []),
    unknown,
    cut: wanted.size > shown.length,
  }
}

/** Questions that are too long for a path; they change nothing. */
export const inquiryRoutes: readonly Route[] = [
  asking('/observe', observeBody, (floor, { subjects }, at) => ({
    observations: subjects.map((subject) => observed(floor, subject, at)),
  })),
  asking('/trace', traceBody, (floor, question) => ({ ...traced(floor, question) })),
]
