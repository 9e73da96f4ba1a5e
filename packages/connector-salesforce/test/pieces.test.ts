import { sampleAction } from '@andon/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { actionMarkIn } from '../src/marks.js'
import { commentsOf } from '../src/target/messages.js'
import { piecesOf } from '../src/target/pieces.js'

/** What a comment takes, of UTF-8. */
const most = 4_000
const bytes = (text: string): number => Buffer.byteLength(text)

describe('a text in pieces', () => {
  it('of exactly 4,000 bytes is one, of one byte more it is two', () => {
    expect(piecesOf('x'.repeat(most), most)).toEqual(['x'.repeat(most)])
    expect(piecesOf('x'.repeat(most + 1), most).map(bytes)).toEqual([most, 1])
    expect(piecesOf('', most)).toEqual([''])
  })

  it('counts bytes, not characters: three for 冰, four for 🔥', () => {
    expect(piecesOf('冰'.repeat(1_333), most)).toHaveLength(1)
    expect(piecesOf('冰'.repeat(1_334), most).map(bytes)).toEqual([3_999, 3])
    expect(piecesOf('🔥'.repeat(1_000), most)).toHaveLength(1)
    expect(piecesOf('🔥'.repeat(1_001), most).map(bytes)).toEqual([most, 4])
  })

  it('never tears a surrogate pair, wherever the limit falls', () => {
    for (let before = 0; before < 4; before += 1) {
      const pieces = piecesOf(`${'x'.repeat(before)}${'🔥'.repeat(20)}`, 10)
      expect(pieces.every((piece) => piece.isWellFormed())).toBe(true)
      expect(Math.max(...pieces.map(bytes))).toBeLessThanOrEqual(10)
    }
  })

  it('breaks after a line that ends in the last half of a piece', () => {
    expect(piecesOf('one two\nthree four', 12)).toEqual(['one two\n', 'three four'])
    expect(piecesOf('one\ntwo three four', 12)).toEqual(['one\ntwo thre', 'e four'])
  })

  it('is the text again, whatever it is', () => {
    const unit = fc.constantFrom('a', '冰', '🔥', '\n', 'é')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 400 }), fc.integer({ min: 4, max: 60 }), (text, limit) => {
        const pieces = piecesOf(text, limit)
        expect(pieces.join('')).toBe(text)
        for (const piece of pieces) expect(bytes(piece)).toBeLessThanOrEqual(limit)
      }),
    )
  })
})

describe('what an action says', () => {
  it.each(['x', '冰', '🔥'])(
    'fits into comments with their marks, and none of it is lost: 4,000 × %s',
    (one) => {
      const reply = one.repeat(4_000 / one.length)
      const comments = commentsOf(sampleAction(1, { kind: 'case.update', params: { reply } }), { reply })
      const replies = comments.filter(({ kind }) => kind === 'reply').map(({ text }) => text)
      for (const { text } of comments) expect(bytes(text)).toBeLessThanOrEqual(most)
      expect(replies.map((text) => text.slice(0, text.lastIndexOf('\n'))).join('')).toBe(reply)
      expect(replies.map((text) => actionMarkIn(text)?.part)).toEqual(replies.map((_, index) => index + 1))
    },
  )
})
