import type { FeedbackRecord } from '@andon/core/feedback'
import { instantOf, occurredAt } from './instant.js'
import { keyOf, keyOfPair } from './key.js'
import { faultOf, modelOf } from './subject.js'

/** A feedback, and what each detector needs of it: instants in milliseconds, and keys. */
export interface Reading {
  readonly feedback: FeedbackRecord
  readonly arrived: number
  /** When it happened, by `occurredAt`. */
  readonly at: number
  /** Of the unit and the fault. */
  readonly caseKey: number
  /** Of the model and the fault. */
  readonly subjectKey: number
}

/** The serial number, and where none is known the feedback's id, so that the same feedback is one case. */
export const unitKeyOf = ({ serialNumber, feedbackId }: FeedbackRecord): number =>
  keyOf(serialNumber ?? feedbackId)

const known = new WeakMap<readonly FeedbackRecord[], readonly Reading[]>()

/**
 * Reads a batch once for all detectors it is handed to: they need the same of it, and reading texts costs. An array that has
 * been filled anew in the meantime is read anew.
 */
export function readingsOf(batch: readonly FeedbackRecord[]): readonly Reading[] {
  const before = known.get(batch)
  if (before !== undefined && isOf(before, batch)) return before
  const readings = batch.map(read)
  known.set(batch, readings)
  return readings
}

function isOf(readings: readonly Reading[], batch: readonly FeedbackRecord[]): boolean {
  if (readings.length !== batch.length) return false
  for (let place = 0; place < batch.length; place++)
    if (readings[place]?.feedback !== batch[place]) return false
  return true
}

function read(feedback: FeedbackRecord): Reading {
  const arrived = instantOf(feedback.receivedAt)
  const fault = keyOf(faultOf(feedback))
  return {
    feedback,
    arrived,
    at: occurredAt(feedback, arrived),
    caseKey: keyOfPair(unitKeyOf(feedback), fault),
    subjectKey: keyOfPair(keyOf(modelOf(feedback)), fault),
  }
}
