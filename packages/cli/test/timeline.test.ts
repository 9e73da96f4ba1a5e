import { describe, expect, test } from 'vitest'
import { replayClock } from '../src/replay/replay-clock.js'
import type { FileRow } from '../src/replay/rows.js'
import { timeline } from '../src/replay/timeline.js'

async function* rowsOf(count: number): AsyncGenerator<FileRow, void, undefined> {
  for (let number = 1; number <= count; number++) yield { number, body: {} }
}

/** Instant of each batch, and the numbers of its rows. */
async function batchesOf(
  instants: readonly number[],
  count = instants.length,
): Promise<readonly (readonly [number, readonly number[]])[]> {
  const clock = { instants: Float64Array.from(instants), misdated: new Map([[1, 99]]) }
  const batches: [number, number[]][] = []
  for await (const { at, rows } of timeline(rowsOf(count), clock)) {
    batches.push([at, rows.map(({ number }) => number)])
  }
  return batches
}

describe('the line of time', () => {
  test('puts rows of one instant into one batch and never mixes instants', async () => {
    expect(await batchesOf([10, 10, 20])).toEqual([
      [10, [1, 2]],
      [20, [3]],
    ])
  })

  test('says of a row that the clock does not believe which date it has', async () => {
    const clock = { instants: Float64Array.of(10, 10, 20), misdated: new Map([[1, 99]]) }
    const own: (number | undefined)[] = []
    for await (const { rows } of timeline(rowsOf(3), clock)) own.push(...rows.map(({ misdated }) => misdated))

    expect(own).toEqual([undefined, 99, undefined])
  })

  test('files rows that came since the clock was set with the last', async () => {
    expect(await batchesOf([10, 20], 4)).toEqual([
      [10, [1]],
      [20, [2, 3, 4]],
    ])
  })

  test('cuts a busy instant into batches of a thousand', async () => {
    const sizes = (await batchesOf(Array.from({ length: 2500 }, () => 10))).map(([, rows]) => rows.length)

    expect(sizes).toEqual([1000, 1000, 500])
  })

  test('is empty for no rows', async () => {
    expect(await batchesOf([])).toEqual([])
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
