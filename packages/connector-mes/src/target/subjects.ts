import type { JsonObject, Observation, Subject, TraceAnswer } from '@andon/core/connector'
import type { MesSchemas } from '../contract/operations.js'
import { given } from './given.js'

/** A batch of Andon is a lot of the contract. */
export const subjectOf = (subject: Subject): MesSchemas['Subject'] =>
  subject.kind === 'batch' ? { kind: 'lot', id: subject.id } : { ...subject }

export function observationOf({ found, ...state }: MesSchemas['State']): Observation {
  if (!found) return { found, fields: {} }
  const { held, priority, status, value, unit, low, high, maxStep, dwellSeconds, secondsSinceChange } = state
  const fields: JsonObject = {
    ...given({ held, priority, status, value, unit, low, high, maxStep, dwellSeconds, secondsSinceChange }),
  }
  return { found, fields }
}

export const traceOf = ({ units, lots, unknown, truncated }: MesSchemas['Genealogy']): TraceAnswer => ({
  units: units.map(({ serial, productModel, lot, componentLots, line, location }) => ({
    serial,
    ...given({ productModel, batch: lot, componentBatches: componentLots, line, location }),
  })),
  batches: lots.map(({ lot, component, location, quantity, held }) => ({
    batch: lot,
    ...given({ component, location, quantity, held }),
  })),
  unknown: [...unknown],
  cut: truncated,
})
