import type { Detector, Finding, JsonValue } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import * as fc from 'fast-check'
import { expect } from 'vitest'

/** Kills the detector after any entries of the stream and resumes it from JSON: it must find what it would have found. */
export function resumesAnywhere<S extends JsonValue>(
  detector: Detector<S>,
  stream: readonly FeedbackRecord[],
  numRuns = 30,
): void {
  const undisturbed = findingsOf(detector, stream, new Set())
  expect(undisturbed.length, 'it found nothing, so that this proves nothing').toBeGreaterThan(0)
  const cuts = fc.uniqueArray(fc.integer({ min: 0, max: stream.length - 1 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(cuts, (places) => {
      expect(findingsOf(detector, stream, new Set(places))).toEqual(undisturbed)
    }),
    { numRuns },
  )
}

function findingsOf<S extends JsonValue>(
  detector: Detector<S>,
  stream: readonly FeedbackRecord[],
  cuts: ReadonlySet<number>,
): Finding[] {
  let state = detector.init()
  return stream.flatMap((feedback, index) => {
    const found = detector.observe(state, [feedback], new Date(feedback.receivedAt))
    if (cuts.has(index)) state = JSON.parse(JSON.stringify(state))
    return found
  })
}
