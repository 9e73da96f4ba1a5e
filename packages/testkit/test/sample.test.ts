import { feedbackRecordSchema } from '@andon/core/feedback'
import { sampleAction, sampleEntry, sampleFeedback, sampleRaw, sampleSignal } from '@andon/testkit'
import { expect, it } from 'vitest'

it('a sample is a valid feedback, also with overrides', () => {
  for (let index = 0; index < 20; index += 1) {
    const made = sampleFeedback(index, { tenant: 'acme', severityScore: 9.5 })
    expect(feedbackRecordSchema.parse(made)).toEqual(made)
  }
})

it('samples are alike on every run and differ from each other', () => {
  expect(sampleEntry(3)).toEqual(sampleEntry(3))
  const ids = new Set(Array.from({ length: 500 }, (_, index) => sampleEntry(index).feedback.feedbackId))
  expect(ids.size).toBe(500)
})

it('the raw payload follows from the words, so that changed words are changed content', () => {
  expect(sampleRaw(1).sha256).not.toBe(sampleRaw(1, { symptomText: 'other' }).sha256)
})

it('a sample action and a sample signal survive JSON', () => {
  expect(JSON.parse(JSON.stringify(sampleAction(1)))).toEqual(sampleAction(1))
  expect(JSON.parse(JSON.stringify(sampleSignal(1)))).toEqual(sampleSignal(1))
})
