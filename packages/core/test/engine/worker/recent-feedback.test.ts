import { sampleEntry } from '@andon/testkit'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { RecentFeedback, type WrittenFeedback } from '../../../src/engine/worker/recent-feedback.js'
import { sealed } from '../../../src/feedback/raw.js'

/** Entry `index`, written at its own offset, with a payload of about `size` characters. */
function written(index: number, size = 10): { readonly written: WrittenFeedback; readonly entry: unknown } {
  const { feedback, raw } = sampleEntry(index)
  const text = { ...raw, payload: 'ü'.repeat(size) }
  const at = 1_000_000 + index
  return {
    written: {
      ...{ feedbackId: feedback.feedbackId, offset: index, at, isBase64: false },
      record: Buffer.from(JSON.stringify(feedback)),
      payload: Buffer.from(text.payload),
    },
    entry: { kind: 'feedback', offset: index, at, feedback, raw: sealed(text) },
  }
}

it('what was just written is found by its id and by its offset, as the journal has it', () => {
  const recent = new RecentFeedback()
  const one = written(7)
  recent.add(one.written)
  expect(recent.find(one.written.feedbackId)).toEqual(one.entry)
  expect(recent.at(7)).toEqual(one.entry)
})

it('of what was never written nothing is found', () => {
  const recent = new RecentFeedback()
  expect(recent.find('f_nobody')).toBeUndefined()
  expect(recent.at(0)).toBeUndefined()
  expect(recent.at(1024)).toBeUndefined()
})

it('a payload that is no text keeps its encoding', () => {
  const recent = new RecentFeedback()
  recent.add({ ...written(1).written, isBase64: true })
  expect(recent.at(1)?.raw.encoding).toBe('base64')
})

it('one that is larger than all there is room for is left to the store, and the others stay', () => {
  const recent = new RecentFeedback()
  recent.add(written(1).written)
  recent.add({ ...written(2).written, payload: new Uint8Array(2 ** 20) })
  expect(recent.at(1)).toEqual(written(1).entry)
  expect(recent.at(2)).toBeUndefined()
})

it('whatever passes through: what is found is what was written, and the newest is there', () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 200_000 })), {
    minLength: 1,
    maxLength: 60,
  })
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 3000 }), (all, first) => {
      const recent = new RecentFeedback()
      const added = all.map((size, index) => written(first + index, size))
      for (const one of added) recent.add(one.written)
      for (const [index, { written: wanted, entry }] of added.entries()) {
        const found = recent.at(first + index)
        expect(recent.find(wanted.feedbackId)).toEqual(found)
        if (found !== undefined || index === added.length - 1) expect(found).toEqual(entry)
      }
    }),
    { numRuns: 30 },
  )
})

it('holds the newest thousand of the usual size', () => {
  const recent = new RecentFeedback()
  for (let index = 1; index <= 3000; index++) recent.add({ ...written(1).written, offset: index })
  expect(recent.at(3000 - 1024)).toBeUndefined()
  expect(recent.at(3000)?.offset).toBe(3000)
  expect(recent.at(2800)?.offset).toBe(2800)
})
