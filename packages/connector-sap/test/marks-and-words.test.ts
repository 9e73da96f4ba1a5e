import assert from 'node:assert/strict'
import { sampleAction, sampleQuote } from '@andon/testkit'
import * as fc from 'fast-check'
import { describe, it } from 'vitest'
import { actionMark } from '../src/action-mark.js'
import { recordIn, recordLine } from '../src/s4hana/record.js'
import { headline, piecesOf, wordsOf } from '../src/words.js'

describe('the mark of an action', () => {
  it('is 16 characters of the SHA-256 in Crockford base 32, the same for ever', () => {
    // The first 80 bits of the SHA-256 of `abc` (FIPS 180-2, B.1): ba7816bf 8f01cfea 4141.
    assert.equal(actionMark('abc'), 'Q9W1DFWF077YMGA1')
    fc.assert(fc.property(fc.string(), (id) => /^[0-9A-HJKMNP-TV-Z]{16}$/.test(actionMark(id))))
  })
})

describe('the words of an action', () => {
  it('keep the verbatim text, conditions and evidence of every customer', () => {
    const quote = {
      ...sampleQuote(1),
      text: '冷藏室降不到9℃\n晚上更严重',
      evidence: [{ uri: 'https://evidence.example/1.jpg', mime: 'image/jpeg', derivedText: 'E-COOL-01' }],
    }
    const text = wordsOf(sampleAction(1, { quotes: [sampleQuote(0), quote] }), ['said by the rule'])
    for (const said of [
      'said by the rule',
      sampleQuote(0).text,
      quote.text,
      '9℃',
      'https://evidence.example/1.jpg',
      'E-COOL-01',
    ]) {
      assert.ok(text.includes(said), `lost: ${said}`)
    }
  })

  it('are split into pieces that are the text again, none too long and no character torn', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.integer({ min: 2, max: 50 }),
        (text, limit) => {
          const pieces = piecesOf(text, limit)
          assert.equal(pieces.join(''), text)
          for (const piece of pieces) {
            assert.ok(piece.length <= limit)
            assert.ok(piece.isWellFormed() || !text.isWellFormed(), 'half a character')
          }
        },
      ),
    )
    assert.deepEqual(piecesOf('', 5), [''])
    assert.deepEqual(piecesOf('one\ntwo\nthree', 8), ['one\ntwo\n', 'three'])
  })

  it('fit a headline, which says where it goes on', () => {
    assert.equal(headline('Cooling\nfailures', 23), 'Cooling failures')
    assert.equal(headline('Cooling failures of KX-500 in the field', 23), 'Cooling failures of KX…')
    assert.equal(headline('ab😀cd', 4), 'ab…')
  })
})

describe('the record in a long text', () => {
  const record = {
    ...{ action: 'a#1}#', kind: 'material.hold', reverts: false, at: '2026-03-01T08:00:00.000Z' },
    before: { restricted: false, foreign: false },
  }

  it('comes back as it was, between whatever people write', () => {
    assert.deepEqual(recordIn(`noted by QM:\n${recordLine(record)}\n\nwords }# of others`), record)
  })

  it('comes back also where SAP breaks lines', () => {
    const line = recordLine(record)
    const broken = line.match(/.{1,40}/g)?.join('\r\n') ?? ''
    assert.deepEqual(recordIn(broken.replace('#andon\r\n', '#andon ')), record)
  })

  it('is nothing where somebody has changed it', () => {
    for (const text of ['', 'no record', '#andon {"action":1}#', '#andon {"action":"a"', '#andon {]}#']) {
      assert.equal(recordIn(text), undefined)
    }
  })
})
