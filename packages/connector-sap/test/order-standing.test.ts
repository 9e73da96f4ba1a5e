import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { importanceIn, standingOf } from '../src/s4hana/order-standing.js'

/** A record of an action that found the order with one importance and wants another. */
const wants = (action: string, before: string, means: string) => ({
  ...{ action, kind: 'schedule.prioritise', reverts: false, at: '' },
  ...{ before: { importance: before }, means: { importance: means } },
})
const undoes = (action: string) => ({
  ...{ action, kind: 'schedule.prioritise', reverts: true, at: '' },
  before: {},
})
const standing = (action: string, ...records: Parameters<typeof standingOf>[0]) => {
  const found = standingOf(records, action, importanceIn)
  return found && `${found.last ? 'last' : 'not last'}, ${found.without}`
}

describe('what an action is to an order', () => {
  it('is the last where none came after it that is not taken back', () => {
    const both = [wants('a', '5', '1'), wants('b', '1', '2')] as const
    assert.equal(standing('a', ...both), 'not last, 5')
    assert.equal(standing('b', ...both), 'last, 1')
    assert.equal(standing('a', ...both, undoes('b')), 'last, 5')
    assert.equal(standing('b', ...both, undoes('a')), 'last, 5')
  })

  it('is the same while its own reversal is under way', () => {
    assert.equal(standing('a', wants('a', '5', '1'), undoes('a')), 'last, 5')
  })

  it('is nothing once people have changed the order and another action came', () => {
    const records = [wants('a', '5', '1'), wants('b', '8', '2')] as const
    assert.equal(standing('a', ...records), undefined)
    assert.equal(standing('b', ...records), 'last, 8')
  })

  it('goes by its last record, where others were quicker and it was written down again', () => {
    assert.equal(standing('a', wants('a', '5', '1'), wants('a', '8', '1')), 'last, 8')
    const crossed = [wants('a', '5', '1'), wants('b', '5', '2'), wants('b', '1', '2')] as const
    assert.equal(standing('b', ...crossed), 'last, 1')
    assert.equal(standing('b', ...crossed, undoes('a')), 'last, 5')
  })

  it('does not take for people what a reversal has not changed back yet', () => {
    assert.equal(standing('b', wants('a', '5', '1'), undoes('a'), wants('b', '1', '2')), 'last, 5')
  })

  it('is nothing where no record tells of it', () => {
    assert.equal(standing('a', wants('b', '5', '1')), undefined)
  })
})
