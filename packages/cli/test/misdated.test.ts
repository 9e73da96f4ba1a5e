import { describe, expect, test } from 'vitest'
import { header, mapping, replayed, reported } from './replayed.js'

/** Ten rows a few days apart, of which the fourth says the autumn. */
const filed = [1, 3, 5, 7, 9, 11, 13, 15, 17, 19].map((day) => `2024-01-${String(day).padStart(2, '0')}`)
const leaping = filed.with(3, '2024-09-30')
const fileOf = (dates: readonly string[], happened = dates.map(() => '')): string =>
  [header, ...dates.map((date, row) => `${row + 1},${date},X,It rattles.,${happened[row]},4`)].join('\n')
const said = { row: 4, date: '2024-09-30', filedAt: '2024-01-05' }

describe('a row whose date the rows around it do not confirm', () => {
  test('moves neither the clock nor a signal, and is counted', async () => {
    const { accepted, signals, to, misdated } = await reported({ 'data.csv': fileOf(leaping) })

    expect({ accepted, to }).toEqual({ accepted: 10, to: '2024-01-19T00:00:00.000Z' })
    expect(signals.map(({ openedAt }) => openedAt)).toEqual(['2024-01-05T00:00:00.000Z'])
    expect(misdated).toEqual({ count: 1, days: 7, examples: [said] })
  })

  test('was received when the clock says, and its words with it', async () => {
    const { signals } = await reported({ 'data.csv': fileOf(leaping.slice(0, 5)) })

    expect(signals[0]?.quotes.map(({ at }) => at.slice(0, 10))).not.toContain('2024-09-30')
    expect(signals[0]?.occurrences).toBe(5)
  })

  test('is told to a person, in both languages', async () => {
    const files = { 'data.csv': fileOf(leaping) }

    expect((await replayed(files)).out).toContain(
      '1 row carries a date more than 7 days from the rows around; the clock followed the others (row 4: 2024-09-30, filed 2024-01-05).\n',
    )
    expect((await replayed(files, { more: ['--lang', 'zh'] })).out).toContain(
      '1 行的受理日期与前后各行相差超过 7 天，时钟以其余各行为准：第 4 行 2024-09-30，计为 2024-01-05。\n',
    )
  })

  test('is quarantined as on that day if it tells of what had not happened yet', async () => {
    const { quarantined } = await reported({ 'data.csv': fileOf(leaping, leaping.with(9, '')) })

    expect(quarantined.reasons).toEqual([
      {
        field: 'occurredAt',
        reason: 'is in the future',
        count: 1,
        examples: [{ row: 4, value: '2024-09-30' }],
      },
    ])
  })

  test('keeps what the mapping says elsewhere of its receipt, which intake judges', async () => {
    const map = { ...mapping, fields: { ...mapping.fields, receivedAt: { column: 'filed' } } }
    const { accepted, quarantined } = await reported({ 'data.csv': fileOf(leaping) }, { map })

    expect(accepted).toBe(9)
    expect(quarantined.reasons[0]).toMatchObject({ field: 'receivedAt', examples: [{ row: 4 }] })
  })

  test('leaves no doubt of the order unless there are many of them', async () => {
    const { out } = await replayed({ 'data.csv': fileOf(filed.toReversed()) })
    const chinese = await replayed({ 'data.csv': fileOf(filed.toReversed()) }, { more: ['--lang', 'zh'] })

    expect(out).toContain('They are many: is "order" of the mapping right?')
    expect(chinese.out).toContain('请检查映射中的 order 是否正确。')
  })

  test('is not to be found where the rows are ordered by their dates, however those are written', async () => {
    const map = { ...mapping, order: { column: 'filed' } }
    const dates = ['2024-01-09T08:00:00+08:00', '2024-01-09T01:00:00Z', '20240108', 'someday', '2024-01-02']
    const { misdated, from, to } = await reported({ 'data.csv': fileOf(dates) }, { map })

    expect(misdated).toEqual({ count: 0, days: 7, examples: [] })
    expect([from, to]).toEqual(['2024-01-02T00:00:00.000Z', '2024-01-09T01:00:00.000Z'])
  })
})
