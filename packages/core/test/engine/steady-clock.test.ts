import fc from 'fast-check'
import { expect, it } from 'vitest'
import { steadyClock } from '../../src/engine/steady-clock.js'

function setClock(at: number) {
  const clock = { at, now: () => clock.at, setTimer: () => () => undefined }
  return clock
}

it('shows the time of a clock that goes forward, leaps and all', () => {
  const clock = setClock(1000)
  const steady = steadyClock(clock)
  for (const at of [1000, 1001, 5000, 7_205_000]) {
    clock.at = at
    expect(steady.now()).toBe(at)
  }
})

it('goes on at half the pace while the clock is behind what it showed, until it has caught up', () => {
  const clock = setClock(10_000)
  const steady = steadyClock(clock)
  expect(steady.now()).toBe(10_000)
  clock.at = 4000
  expect(steady.now()).toBe(10_000)
  clock.at = 6000
  expect(steady.now()).toBe(11_000)
  clock.at = 15_999
  expect(steady.now()).toBe(15_999)
  clock.at = 16_001
  expect(steady.now()).toBe(16_001)
})

it('begins where an earlier run was', () => {
  const clock = setClock(1000)
  const steady = steadyClock(clock)
  steady.notBefore(3000)
  expect(steady.now()).toBe(3000)
  clock.at = 2000
  expect(steady.now()).toBe(3500)
  steady.notBefore(1)
  expect(steady.now()).toBe(3500)
})

it('never goes back, never falls behind the clock, and never stands still while the clock runs', () => {
  const moves = fc.array(fc.integer({ min: -20_000, max: 20_000 }), { maxLength: 50 })
  fc.assert(
    fc.property(moves, (all) => {
      const clock = setClock(1_000_000)
      const steady = steadyClock(clock)
      let before = steady.now()
      for (const move of all) {
        clock.at += move
        const shown = steady.now()
        expect(shown).toBeGreaterThanOrEqual(Math.max(before, clock.at))
        if (move > 2) expect(shown).toBeGreaterThan(before)
        before = shown
      }
    }),
  )
})
