import { virtualClock } from '@andon/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('virtual clock', () => {
  it('stands still until it is told to move', async () => {
    const clock = virtualClock('2026-03-01T08:00:00Z')
    const start = Date.UTC(2026, 2, 1, 8)
    expect(clock.now()).toBe(start)
    await clock.advance(1500)
    expect(clock.now()).toBe(start + 1500)
    await clock.advanceTo('2026-03-01T09:00:00Z')
    expect(clock.now()).toBe(start + 3_600_000)
  })

  it('fires each timer at its own instant, in the order of the due times', async () => {
    const clock = virtualClock(0)
    const fired: string[] = []
    for (const [name, due] of [
      ['c', 30],
      ['a', 10],
      ['b', 20],
      ['b2', 20],
      ['late', 41],
    ] as const) {
      clock.setTimer(due, () => fired.push(`${name}@${clock.now()}`))
    }
    await clock.advance(40)
    expect(fired).toEqual(['a@10', 'b@20', 'b2@20', 'c@30'])
    expect(clock.pending()).toBe(1)
  })

  it('fires timers that timers set, when they fall due on the way', async () => {
    const clock = virtualClock(0)
    const ticks: number[] = []
    const tick = (): void => {
      ticks.push(clock.now())
      clock.setTimer(10, tick)
    }
    clock.setTimer(10, tick)
    await clock.advance(35)
    expect(ticks).toEqual([10, 20, 30])
  })

  it('lets promises settle between two timers', async () => {
    const clock = virtualClock(0)
    const seen: string[] = []
    clock.setTimer(1, async () => {
      await Promise.resolve()
      await null
      seen.push('first, after its promises')
    })
    clock.setTimer(2, () => seen.push('second'))
    await clock.advance(2)
    expect(seen).toEqual(['first, after its promises', 'second'])
  })

  it('does not fire what was cancelled', async () => {
    const clock = virtualClock(0)
    let fired = false
    const cancel = clock.setTimer(5, () => {
      fired = true
    })
    cancel()
    await clock.advance(10)
    expect(fired).toBe(false)
    expect(clock.pending()).toBe(0)
  })

  it('does one move after the other when two are asked for at once', async () => {
    const clock = virtualClock(0)
    const fired: number[] = []
    clock.setTimer(15, () => fired.push(clock.now()))
    await Promise.all([clock.advance(10), clock.advance(10)])
    expect(clock.now()).toBe(20)
    expect(fired).toEqual([15])
  })

  it('refuses to run backwards, and runs on afterwards', async () => {
    const clock = virtualClock(1000)
    await expect(clock.advanceTo(999)).rejects.toMatchObject({ code: 'OPTIONS_INVALID' })
    await expect(clock.advance(-1)).rejects.toMatchObject({ code: 'OPTIONS_INVALID' })
    await clock.advance(1)
    expect(clock.now()).toBe(1001)
  })

  it('refuses a start that is no instant', () => {
    expect(() => virtualClock('yesterday')).toThrow(/start/)
  })

  it('fires any timers in the order of their due times, whatever the steps', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 12 }),
        fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 6 }),
        async (delays, steps) => {
          const clock = virtualClock(0)
          const fired: number[] = []
          for (const delay of delays) clock.setTimer(delay, () => fired.push(clock.now()))
          for (const step of steps) await clock.advance(step)
          const due = delays.filter((delay) => steps.length > 0 && delay <= clock.now())
          expect(fired).toEqual([...due].sort((left, right) => left - right))
        },
      ),
      { seed: 20260301, numRuns: 60 },
    )
  })
})
