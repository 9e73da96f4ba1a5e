import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { believedDates, toleratedDays } from '../src/replay/believed-dates.js'
import { filingClock } from '../src/replay/filing-clock.js'

const dayMs = 86_400_000
const byFile = { filedAt: 'filed', order: 'file' } as const
const seed = 20261126
const none = Number.NaN

/** Of each row, the day on which the clock stands; of the rows that it does not believe, the places. */
function clockOf(days: readonly number[]): { readonly days: number[]; readonly misdated: number[] } {
  const { instants, misdated } = filingClock(
    days.map((day) => day * dayMs),
    byFile,
  )
  return { days: [...instants].map((at) => at / dayMs), misdated: [...misdated.keys()] }
}

/** Days in order that lie at most a month from each other. */
const inOrder = (minLength: number, maxLength = 60): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 0, max: 30 }), { minLength, maxLength }).map((steps) => {
    let day = 15_000
    return steps.map((step) => (day += step))
  })
/** A date wrong by up to twenty years, in either direction. */
const anyDay = fc.integer({ min: 8000, max: 24_000 })
const messy = fc.array(fc.oneof(anyDay, fc.integer({ min: 15_000, max: 15_060 }), fc.constant(none)), {
  maxLength: 60,
})

describe('the clock that a file of reports sets', () => {
  test('never steps back, whatever the dates are', () => {
    fc.assert(
      fc.property(messy, (dates) => {
        fc.pre(dates.some((day) => !Number.isNaN(day)))
        const { days } = clockOf(dates)
        expect(days).toHaveLength(dates.length)
        expect(days).toEqual(days.toSorted((a, b) => a - b))
      }),
      { seed, numRuns: 500 },
    )
  })

  test('stands at the dates themselves where they are in order', () => {
    fc.assert(
      fc.property(inOrder(1), (dates) => {
        expect(clockOf(dates)).toEqual({ days: dates, misdated: [] })
      }),
      { seed },
    )
  })

  test('is not moved at all by one date that lies far from the rows around it', () => {
    fc.assert(
      fc.property(inOrder(5), anyDay, fc.nat(), (dates, wrong, somewhere) => {
        const row = 2 + (somewhere % (dates.length - 4))
        const [before, after] = [dates[row - 2] ?? 0, dates[row + 2] ?? 0]
        fc.pre(wrong < before - toleratedDays || wrong > after + toleratedDays)
        const { days, misdated } = clockOf(dates.with(row, wrong))
        expect(misdated).toEqual([row])
        expect(days).toEqual(dates.with(row, dates[row - 1] ?? 0))
      }),
      { seed, numRuns: 500 },
    )
  })

  test('is moved by any one date, wherever it stands, no further than the rows beside, and a week', () => {
    fc.assert(
      fc.property(inOrder(3), anyDay, fc.nat(), (dates, wrong, somewhere) => {
        const at = somewhere % dates.length
        const { days } = clockOf(dates.with(at, wrong))
        for (const [row, day] of days.entries()) {
          if (row === at) continue
          expect(day).toBeGreaterThanOrEqual(dates[row - 1] ?? dates[row] ?? 0)
          expect(day).toBeLessThanOrEqual((dates[row + 1] ?? dates[row] ?? 0) + toleratedDays)
        }
      }),
      { seed, numRuns: 500 },
    )
  })

  test('is moved by several wrong dates no further than as many rows, and a week', () => {
    const wrongs = fc.array(fc.tuple(fc.nat(), anyDay), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(inOrder(30), wrongs, (dates, changes) => {
        const wrong = new Map(changes.map(([somewhere, day]) => [somewhere % dates.length, day]))
        const { days, misdated } = clockOf(dates.map((day, row) => wrong.get(row) ?? day))
        expect(misdated.length).toBeLessThanOrEqual(wrong.size)
        const honest = dates.flatMap((day, row) => (wrong.has(row) ? [] : [{ row, day }]))
        for (const [place, { row }] of honest.entries()) {
          const [before, after] = [honest[place - wrong.size], honest[place + wrong.size]]
          if (before !== undefined) expect(days[row]).toBeGreaterThanOrEqual(before.day)
          if (after !== undefined) expect(days[row]).toBeLessThanOrEqual(after.day + toleratedDays)
        }
      }),
      { seed, numRuns: 500 },
    )
  })

  test('believes all dates that step back by no more than a week, and stands at the latest', () => {
    const slips = fc.array(fc.integer({ min: 0, max: toleratedDays }), { minLength: 60, maxLength: 60 })
    fc.assert(
      fc.property(inOrder(1), slips, (dates, early) => {
        const entered = dates.map((day, row) => day - (early[row] ?? 0))
        const { days, misdated } = clockOf(entered)
        expect(misdated).toEqual([])
        expect(days).toEqual(entered.map((_, row) => Math.max(...entered.slice(0, row + 1))))
      }),
      { seed },
    )
  })

  test('sets aside as few rows as can be', () => {
    const few = fc.array(fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constant(none)), { maxLength: 11 })
    fc.assert(
      fc.property(few, (days) => {
        const believed = believedDates(days.map((day) => day * dayMs))
        const rows = days.flatMap((day, row) => (believed[row] === 1 ? [day] : []))
        expect(agree(rows)).toBe(true)
        expect(rows).toHaveLength(mostThatAgree(days.filter((day) => !Number.isNaN(day))))
      }),
      { seed, numRuns: 300 },
    )
  })

  test('passes by a whole block of rows under a wrong date, and files them with the row in front', () => {
    const month = Array.from({ length: 30 }, (_, day) => 15_000 + day)
    const block = [15_365, 15_366, 15_366, 15_368]

    expect(clockOf([...month.slice(0, 10), ...block, ...month.slice(10)])).toEqual({
      days: [...month.slice(0, 10), ...block.map(() => 15_009), ...month.slice(10)],
      misdated: [10, 11, 12, 13],
    })
  })

  test('believes a gap of years that rows on both sides of it confirm', () => {
    const dates = [14_000, 14_001, 18_000, 18_001]

    expect(clockOf(dates)).toEqual({ days: dates, misdated: [] })
  })

  test('neither begins nor ends with a leap of years that no other row confirms', () => {
    expect(clockOf([-18_000, 18_000, 18_001, 18_003, 84_000])).toEqual({
      days: [18_000, 18_000, 18_001, 18_003, 18_003],
      misdated: [0, 4],
    })
    expect(clockOf([84_000, 18_000]).days).toEqual([18_000, 18_000])
  })

  test('believes rows at either end that lie no further off than rows do in this file', () => {
    const dates = [14_000, 15_000, 15_400, 18_000]

    expect(clockOf(dates)).toEqual({ days: dates, misdated: [] })
  })

  test('stands still for dates that cannot be read, and files those at the beginning with the first', () => {
    expect(clockOf([none, none, 15_000, none, 15_003])).toEqual({
      days: [15_000, 15_000, 15_000, 15_000, 15_003],
      misdated: [],
    })
  })

  test('believes every date of a file that has no other order than its dates', () => {
    const byDate = { filedAt: 'filed', order: { column: 'filed' } }
    const { instants, misdated } = filingClock([0, 20_000 * dayMs, 20_001 * dayMs], byDate)

    expect([...instants]).toEqual([0, 20_000 * dayMs, 20_001 * dayMs])
    expect(misdated.size).toBe(0)
  })

  test('refuses a file without any date, and has nothing to say of an empty one', () => {
    expect(() => clockOf([none, none])).toThrow(/filed .*has no date that can be read/)
    expect(clockOf([])).toEqual({ days: [], misdated: [] })
  })

  test('takes a million rows in seconds', () => {
    const dates = Array.from({ length: 1_000_000 }, (_, row) => (10_000 + row / 100 + (row % 7)) * dayMs)
    const begun = process.cpuUsage()

    expect(filingClock(dates, byFile).misdated.size).toBe(0)
    expect(process.cpuUsage(begun).user / 1e6).toBeLessThan(20)
  })
})

/** Whether no day lies more than a week before any in front of it. */
function agree(days: readonly number[]): boolean {
  return days.every((day, row) => days.slice(0, row).every((earlier) => day >= earlier - toleratedDays))
}

/** By trying all. */
function mostThatAgree(days: readonly number[]): number {
  let most = 0
  for (let chosen = 0; chosen < 2 ** days.length; chosen++) {
    const some = days.filter((_, row) => (chosen >> row) % 2 === 1)
    if (some.length > most && agree(some)) most = some.length
  }
  return most
}
