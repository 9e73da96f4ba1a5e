import { describe, expect, it } from 'vitest'
import { ToldStates } from '../src/cases/told-states.js'

const id = '5005g000000001AAAA'
/** Told by a query that has all up to second 10 in it. */
const states = (): ToldStates => {
  const told = new ToldStates()
  told.told({ Id: id, Subject: 'c', Status: 'New' }, 10_000)
  return told
}

describe('an event behind what a query told', () => {
  it('is old where it was committed before', () => {
    expect(states().isOld(id, { Subject: 'a' }, 9_000)).toBe(true)
    expect(states().isOld(id, { Subject: 'a' }, 11_000)).toBe(false)
  })

  it('of another case is none of its business', () => {
    expect(states().isOld('5005g000000002AAAA', { Subject: 'a' }, 9_000)).toBe(false)
  })

  it('is old where it leads to what was told, and so are those in front of it', () => {
    const told = states()
    told.lookAhead([
      { id, changed: { Subject: 'b' } },
      { id, changed: { Subject: 'c' } },
      { id, changed: { Subject: 'd' } },
    ])
    expect(told.isOld(id, { Subject: 'b' }, 11_000)).toBe(true)
    expect(told.isOld(id, { Subject: 'c' }, 11_000)).toBe(true)
    expect(told.isOld(id, { Subject: 'd' }, 11_000)).toBe(false)
  })

  it('that is told ends it: what comes later is told, whatever it says', () => {
    const told = states()
    expect(told.isOld(id, { Subject: 'd' }, 11_000)).toBe(false)
    expect(told.isOld(id, { Subject: 'c' }, 11_500)).toBe(false)
  })

  it('and is a deletion is told, for it says nothing that could have been told', () => {
    expect(states().isOld(id, {}, 11_000)).toBe(false)
  })
})
