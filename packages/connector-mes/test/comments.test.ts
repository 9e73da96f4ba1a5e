import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commentsOf } from '../src/index.js'

const quote = (text: string) => ({
  ...{ feedbackId: '1', channel: 'call', at: '2026-03-01T02:00:00Z', language: 'zh-CN', text },
  conditions: [{ quantity: 'temperature', text: '夜间 2–8 ℃' }],
  evidence: [{ uri: 'https://files.example/photo-1.jpg', mime: 'image/jpeg', derivedText: 'E-COOL-02' }],
})

/** The comments one after the other, without their numbers. */
const joined = (comments: readonly string[]): string =>
  comments.length === 1
    ? (comments[0] ?? '')
    : comments.map((text) => text.replace(/^\(\d+\/\d+\) /, '')).join('')

describe("the customers' words as comments", () => {
  it('are one where it holds them: words, conditions and addresses', () => {
    expect(commentsOf([quote('制冷不足')], 1_000)).toEqual([
      '2026-03-01T02:00:00Z call: 制冷不足\n  temperature: 夜间 2–8 ℃\n  https://files.example/photo-1.jpg: E-COOL-02',
    ])
    expect(commentsOf([], 1_000)).toEqual([])
  })

  it('are several where one does not: nothing is lost, nothing is too long, no character is torn', () => {
    const words = fc.array(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.constantFrom('👨‍👩‍👧‍👦', '制冷', '\n', ' '),
      ),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(words, fc.integer({ min: 40, max: 120 }), (parts, length) => {
        const quotes = [quote(parts.join('')), quote('next')]
        const comments = commentsOf(quotes, length)
        expect(joined(comments)).toBe(joined(commentsOf(quotes, 1_000_000)))
        for (const comment of comments) {
          expect(comment.length).toBeLessThanOrEqual(length)
          expect(comment.isWellFormed()).toBe(true)
        }
      }),
    )
  })

  it('need room for their number', () => {
    expect(() => commentsOf([quote('x')], 39)).toThrow(RangeError)
  })
})
