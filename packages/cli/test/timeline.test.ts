import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { replayClock } from '../src/replay/replay-clock.js'
import type { FileRow } from '../src/replay/rows.js'
import { timeline } from '../src/replay/timeline.js'

async function* rowsOf(dates: readonly string[]): AsyncGenerator<FileRow, void, undefined> {
  for (const [index, filed] of dates.entries()) yield { number: index + 1, body: { filed } }
}

/** Day of each batch, and the numbers of its rows. */
async function batchesOf(
  dates: readonly string[],
): Promise<readonly (readonly [string, readonly number[]])[]> {
  const batches: [string, number[]][] = []
  for await (const { at, rows } of timeline(rowsOf(dates), { filedAt: 'filed' })) {
    batches.push([new Date(at).toISOString().slice(0, 10), rows.map(({ number }) => number)])
  }
  return batches
}

describe('the line of time', () => {
  test('puts rows of one filing date into one batch and never mixes dates', async () => {
    expect(await batchesOf(['2024-01-01', '2024-01-01', '2024-01-02'])).toEqual([
      ['2024-01-01', [1, 2]],
      ['2024-01-02', [3]],
    ])
  })

  test('keeps the later instant where the data steps back', async () => {
    expect(await batchesOf(['2024-01-02', '2024-01-01', '2024-01-03'])).toEqual([
      ['2024-01-02', [1, 2]],
      ['2024-01-03', [3]],
    ])
  })

  test('stands still for a row whose date cannot be read', async () => {
    expect(await batchesOf(['2024-01-02', 'soon', '', '2024-01-03'])).toEqual([
      ['2024-01-02', [1, 2, 3]],
      ['2024-01-03', [4]],
    ])
  })

  test('does not believe a leap of years that the next row does not confirm', async () => {
    expect(await batchesOf(['2024-01-02', '2204-01-02', '2024-01-03'])).toEqual([
      ['2024-01-02', [1, 2]],
      ['2024-01-03', [3]],
    ])
  })

  test('does not begin with a leap that the next row does not confirm', async () => {
    expect(await batchesOf(['2204-01-02', '2024-01-03'])).toEqual([['2024-01-03', [1, 2]]])
  })

  test('believes a gap of years that the next row confirms', async () => {
    expect(await batchesOf(['2014-01-02', '2024-01-03', '2024-01-04'])).toEqual([
      ['2014-01-02', [1]],
      ['2024-01-03', [2]],
      ['2024-01-04', [3]],
    ])
  })

  test('files rows before the first readable date with it', async () => {
    expect(await batchesOf(['', '', '2024-01-03'])).toEqual([['2024-01-03', [1, 2, 3]]])
  })

  test('refuses a file without any date', async () => {
    await expect(batchesOf(['x', 'y'])).rejects.toThrow(/has no date that can be read/)
  })

  test('cuts a busy day into batches of a thousand', async () => {
    const sizes = (await batchesOf(Array.from({ length: 2500 }, () => '2024-01-01'))).map(
      ([, rows]) => rows.length,
    )

    expect(sizes).toEqual([1000, 1000, 500])
  })

  test('never runs backwards, and holds every row once and in order', async () => {
    const day = fc
      .integer({ min: 0, max: 20_000 })
      .map((days) => new Date(Date.UTC(1995, 0, 1 + days)).toISOString().slice(0, 10))
    const date = fc.oneof(
      { weight: 9, arbitrary: day },
      { weight: 1, arbitrary: fc.constantFrom('', '1919-01-01', 'x') },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(date, { maxLength: 40 }), day, async (dates, first) => {
        const batches = await batchesOf([first, ...dates])
        const days = batches.map(([at]) => at)
        expect(days).toEqual([...days].sort())
        expect(batches.flatMap(([, rows]) => rows)).toEqual([first, ...dates].map((_, index) => index + 1))
      }),
      { seed: 20240103, numRuns: 200 },
    )
  })
})

describe('the clock of a replay', () => {
  test('rings each timer that is due once, at the new instant, in the order of due times', () => {
    const clock = replayClock(1000)
    const rung: string[] = []
    clock.setTimer(500, () => rung.push(`late ${clock.now()}`))
    clock.setTimer(100, () => {
      rung.push(`early ${clock.now()}`)
      clock.setTimer(100, () => rung.push('again'))
    })
    clock.moveTo(86_400_000)

    expect(rung).toEqual(['early 86400000', 'late 86400000'])
  })

  test('does not ring what was cancelled, even by a timer that rang before', () => {
    const clock = replayClock(0)
    const rung: string[] = []
    const cancels: (() => void)[] = []
    clock.setTimer(1, () => {
      for (const cancel of cancels) cancel()
    })
    cancels.push(clock.setTimer(2, () => rung.push('cancelled')))
    clock.moveTo(10)

    expect(rung).toEqual([])
  })

  test('never runs backwards', () => {
    const clock = replayClock(1000)
    clock.moveTo(500)

    expect(clock.now()).toBe(1000)
  })
})
