import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { openHolds } from '../src/s4hana/open-holds.js'

let number = 0
const record = (
  kind: string,
  action: string,
  before: Record<string, boolean> = { restricted: false },
  reverts = false,
) => {
  number += 1
  return {
    ...{ number: String(number), reverts },
    record: {
      action,
      kind,
      reverts,
      at: `2026-03-01T08:00:${String(number % 60).padStart(2, '0')}Z`,
      before,
    },
  }
}
const hold = (action: string, foreign = false) =>
  record('material.hold', action, { restricted: foreign, foreign })
const unhold = (action: string) => record('material.hold', action, { restricted: true }, true)
const release = (action: string) => record('material.release', action, { restricted: true })
const unrelease = (action: string) => record('material.release', action, { restricted: false }, true)
const open = (...records: Parameters<typeof openHolds>[0]): readonly string[] =>
  openHolds(records).map(({ action }) => action)

describe('the holds of Andon on a batch', () => {
  it('stand until they are taken back', () => {
    assert.deepEqual(open(hold('a'), hold('b'), unhold('a')), ['b'])
  })

  it('all end with a release, and stand again when it is taken back', () => {
    assert.deepEqual(open(hold('a'), hold('b'), release('r')), [])
    assert.deepEqual(open(hold('a'), hold('b'), release('r'), unrelease('r')), ['a', 'b'])
  })

  it('remember that others had restricted the batch before', () => {
    assert.deepEqual(openHolds([hold('a', true)]), [{ action: 'a', foreign: true }])
  })

  it('are none where stock was moved, or a record cannot be read', () => {
    assert.deepEqual(
      open(record('material.hold', 'a', {}), { number: '9', reverts: false, record: undefined }),
      [],
    )
  })
})
