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

/**
 * The batch that was read last in this turn of the event loop; when that is over it is let go, for it is somebody's. A WeakMap
 * by batches would be the plain way, but the collector keeps what it has for long.
 */
let latest: readonly Reading[] = []
let isLetGo = true

/**
 * Reads a batch once for all detectors that it is handed to one after the other: they need the same of it, and reading texts
 * costs. What is read is known by its feedback, so that nobody can be given another's.
 */
export function readingsOf(batch: readonly FeedbackRecord[]): readonly Reading[] {
  if (isOf(latest, batch)) return latest
  const readings = batch.map(read)
  latest = readings
  if (isLetGo) {
    isLetGo = false
    queueMicrotask(() => {
      latest = []
      isLetGo = true
    })
  }
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
