import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { holdersOf } from '../src/s4hana/holders.js'

let number = 0
const record = (kind: string, action: string, restricted: boolean | undefined, reverts: boolean) => {
  number += 1
  return {
    ...{ number: String(number), reverts },
    record: {
      action,
      kind,
      reverts,
      at: String(number),
      before: restricted === undefined ? {} : { restricted },
    },
  }
}
/** Each with whether the batch was restricted before. */
const hold = (action: string, restricted: boolean) => record('material.hold', action, restricted, false)
const unhold = (action: string, restricted = true) => record('material.hold', action, restricted, true)
const release = (action: string, restricted = true) => record('material.release', action, restricted, false)
const unrelease = (action: string, restricted = false) => record('material.release', action, restricted, true)

const holders = (...records: Parameters<typeof holdersOf>[0]) => {
  const { ours, others } = holdersOf(records)
  return [...ours, ...(others ? ['others'] : [])].join(' ')
}

describe('who holds a batch', () => {
  it('are the actions whose holds were not taken back', () => {
    assert.equal(holders(hold('a', false), hold('b', true), unhold('a')), 'b')
  })

  it('are others, too, where it was restricted before Andon came', () => {
    assert.equal(holders(hold('a', true)), 'a others')
    assert.equal(holders(hold('a', true), unhold('a')), 'others')
  })

  it('are others no more once it was seen free', () => {
    assert.equal(holders(hold('a', true), hold('b', false)), 'a b')
  })

  it('are others where they were quicker than a hold that had to be written down again', () => {
    assert.equal(holders(hold('a', false), hold('a', true)), 'a others')
  })

  it('are others where they were quicker than the reversal of a release that had to be written down again', () => {
    const before = [hold('a', false), release('r'), unrelease('r')] as const
    assert.equal(holders(...before), 'a')
    assert.equal(holders(...before, unrelease('r', true)), 'a others')
    assert.equal(holders(...before, unrelease('r', true), unhold('a')), 'others')
  })

  it('is nobody after a release', () => {
    assert.equal(holders(hold('a', true), hold('b', true), release('r')), '')
  })

  it('is whoever held it before a release that is taken back, but for those that went in between', () => {
    assert.equal(
      holders(hold('a', false), hold('b', true), release('r'), unhold('a', false), unrelease('r')),
      'b',
    )
    assert.equal(holders(hold('a', true), release('r'), unrelease('r')), 'a others')
    assert.equal(holders(hold('a', false), release('r'), unhold('a', false), unrelease('r')), '')
  })

  it('are others who restricted it after a release, also beside holds that come back', () => {
    assert.equal(holders(hold('a', false), release('r'), unrelease('r', true), unhold('a')), 'others')
    assert.equal(holders(release('r', true), hold('b', false), unrelease('r', true), unhold('b')), 'others')
  })

  it('is nobody after a release that found nothing to release and is taken back', () => {
    assert.equal(holders(hold('a', false), release('r', false), unrelease('r')), '')
  })

  it('is nobody by a stock transfer, or a record that cannot be read', () => {
    assert.equal(
      holders(record('material.hold', 'a', undefined, false), {
        number: '9',
        reverts: false,
        record: undefined,
      }),
      '',
    )
  })
})
