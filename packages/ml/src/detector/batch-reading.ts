import type { FeedbackRecord } from '@andon/core/feedback'
import { instantOf, occurredAt } from './instant.js'
import { keyOf, keyOfPair } from './key.js'
import { faultOf, modelOf } from './subject.js'

/** What each detector reads of every feedback, column by column. */
export interface BatchReading {
  readonly batch: readonly FeedbackRecord[]
  /** `receivedAt` and what `occurredAt` says, in milliseconds. */
  readonly arrived: readonly number[]
  readonly at: readonly number[]
  /** Keys of the unit, which is the serial number, else the feedback's id; and of the model with the fault. */
  readonly units: readonly number[]
  readonly faults: readonly number[]
  readonly subjects: readonly number[]
  /** Of the unit with the fault. */
  readonly cases: readonly number[]
}

const known = new WeakMap<readonly FeedbackRecord[], BatchReading>()

/**
 * Reads a batch once, whichever detectors it is handed to: each of them needs the same instants and keys, and texts cost. An
 * array that was filled anew in the meantime is read anew.
 */
export function readingOf(batch: readonly FeedbackRecord[]): BatchReading {
  const before = known.get(batch)
  if (before !== undefined && isOf(before, batch)) return before
  const reading = read(batch)
  known.set(batch, reading)
  return reading
}

const isOf = (reading: BatchReading, batch: readonly FeedbackRecord[]): boolean =>
  reading.batch.length === batch.length && reading.batch.every((feedback, index) => feedback === batch[index])

function read(batch: readonly FeedbackRecord[]): BatchReading {
  const [arrived, at]: [number[], number[]] = [[], []]
  const [units, faults, subjects, cases]: [number[], number[], number[], number[]] = [[], [], [], []]
  for (const feedback of batch) {
    const received = instantOf(feedback.receivedAt)
    arrived.push(received)
    at.push(occurredAt(feedback, received))
    const unit = keyOf(feedback.serialNumber ?? feedback.feedbackId)
    const fault = keyOf(faultOf(feedback))
    units.push(unit)
    faults.push(fault)
    subjects.push(keyOfPair(keyOf(modelOf(feedback)), fault))
    cases.push(keyOfPair(unit, fault))
  }
  return { batch: [...batch], arrived, at, units, faults, subjects, cases }
}
