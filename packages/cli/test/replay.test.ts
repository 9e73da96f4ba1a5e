import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { FakeIo, folderWith } from './helpers.js'
import { csv, header, mapping, replayed, reported, rules } from './replayed.js'

describe('andon replay', () => {
  test('counts every row once: accepted, duplicate or quarantined', async () => {
    const { rows, accepted, duplicates, quarantined } = await reported({ 'data.csv': csv })

    expect({ rows, accepted, duplicates, quarantined: quarantined.count }).toEqual({
      rows: 10,
      accepted: 5,
      duplicates: 1,
      quarantined: 4,
    })
  })

  test('says of each quarantined row which field, what stood there, and why', async () => {
    const { quarantined } = await reported({ 'data.csv': csv })

    expect(quarantined.reasons).toEqual([
      {
        field: 'occurredAt',
        reason: 'is before 1990-01-01: no report can be that old',
        count: 1,
        examples: [{ row: 2, value: '1919-05-05' }],
      },
      { field: 'severity', reason: 'is not a number', count: 1, examples: [{ row: 6, value: 'high' }] },
      {
        field: 'occurredAt',
        reason: 'is in the future',
        count: 1,
        examples: [{ row: 9, value: '2030-02-20' }],
      },
      {
        field: 'row',
        reason: 'has 3 cells, which is not what the header has',
        count: 1,
        examples: [{ row: 10, value: '["9","2024-02-20","X"]' }],
      },
    ])
  })

  test('opens a signal on the day of the data on which a live run would have', async () => {
    const { signals } = await reported({ 'data.csv': csv })

    expect(signals).toHaveLength(1)
    expect(signals[0]).toMatchObject({
      rule: 'cluster',
      title: 'cluster: product_model = X, reports = 3',
      openedAt: '2024-01-25T00:00:00.000Z',
      facts: { product_model: 'X', reports: 3 },
    })
    expect(signals[0]?.quotes.map(({ text }) => text)).toContain('Rattling.')
  })

  test('reads windows in the time of the data: rows too far apart make no cluster', async () => {
    const apart = `${header}\n1,2024-01-01,X,a,,1\n2,2024-02-01,X,b,,1\n3,2024-03-01,X,c,,1\n`

    expect((await reported({ 'data.csv': apart })).signals).toEqual([])
  })

  test('says the period of the data', async () => {
    const { from, to } = await reported({ 'data.csv': csv })

    expect([from, to]).toEqual(['2024-01-01T00:00:00.000Z', '2024-02-20T00:00:00.000Z'])
  })

  test('prints a table and the signals with their quotes for a person', async () => {
    const { code, out } = await replayed({ 'data.csv': csv })

    expect(code).toBe(0)
    expect(out).toMatch(/^rows {9}10\naccepted {5}5 \(5 feedback\)\nduplicates {3}1\nquarantined {2}4\n/)
    expect(out).toContain('occurredAt is before 1990-01-01: no report can be that old  row 2: 1919-05-05')
    expect(out).toContain('1 signals\n  1  2024-01-25  cluster: product_model = X, reports = 3')
    expect(out).toContain('2024-01-25 “Rattling.”')
  })

  test('prints in Chinese when asked', async () => {
    const { out } = await replayed({ 'data.csv': csv }, { more: ['--lang', 'zh'] })

    expect(out).toContain('已隔离')
    expect(out).toContain('早于 1990-01-01：反馈不可能这么早')
  })

  test('gives the same signals on every run', async () => {
    const first = await reported({ 'data.csv': csv })
    const second = await reported({ 'data.csv': csv })

    expect(second.signals).toEqual(first.signals)
  })

  test('stops after --limit rows', async () => {
    expect((await reported({ 'data.csv': csv }, { more: ['--limit', '4'] })).rows).toBe(4)
  })

  test('keeps journal and signals in --data, where a second replay finds only duplicates', async () => {
    const at = folderWith({})
    const more = ['--data', at('kept')]
    await reported({ 'data.csv': csv }, { more })
    const { accepted, duplicates, signals } = await reported({ 'data.csv': csv }, { more })

    expect(readdirSync(at('kept'))).toContain('andon.db')
    expect({ accepted, duplicates }).toEqual({ accepted: 0, duplicates: 6 })
    expect(signals).toHaveLength(1)
  })

  test('orders by a column where the file has the newest first', async () => {
    const newest = `${header}\n10,2024-01-20,X,c,,1\n9,2024-01-10,X,b,,1\n8,2024-01-05,X,a,,1\n`
    const map = { ...mapping, order: { column: 'id' } }
    const { signals } = await reported({ 'data.csv': newest }, { map })

    expect(signals[0]?.openedAt).toBe('2024-01-20T00:00:00.000Z')
  })

  test('draws progress on a terminal and wipes it before the result', async () => {
    const io = new FakeIo({ isTerminal: true, env: { NO_COLOR: '1' } })
    const { err } = await replayed({ 'data.csv': csv }, { io })

    expect(err).toMatch(/rows\/s/)
    expect(err.endsWith('\r\u001b[2K')).toBe(true)
  })

  test('a signal stops it between two batches, and the code says so', async () => {
    const io = new FakeIo()
    const onSignal = io.onSignal.bind(io)
    io.onSignal = (listener) => {
      const off = onSignal(listener)
      io.interrupt()
      return off
    }
    const { code, out } = await replayed({ 'data.csv': csv }, { io, more: ['--json'] })

    expect(code).toBe(130)
    expect(JSON.parse(out)).toMatchObject({ interrupted: true, rows: 0 })
  })
})

describe('what cannot be replayed', () => {
  const failing = async (...parameters: Parameters<typeof replayed>) => {
    const { code, out, err } = await replayed(...parameters)
    expect(out).toBe('')
    return { code, err }
  }

  test('a column that the file does not have is told with the one that was meant', async () => {
    const { code, err } = await failing({ 'data.csv': csv.replace('severity', 'severiti') })

    expect(code).toBe(1)
    expect(err).toContain('severity (did you mean severiti?)')
  })

  test('a header with a column twice', async () => {
    const { code, err } = await failing({ 'data.csv': 'id,filed,id\n' })

    expect(code).toBe(2)
    expect(err).toContain('the column "id" is there twice')
  })

  test('an empty file', async () => {
    expect((await failing({ 'data.csv': '' })).code).toBe(2)
  })

  test('a file that is not there', async () => {
    const { code, err } = await failing({})

    expect(code).toBe(2)
    expect(err).toMatch(/There is no file .*data\.csv\./)
  })

  test('a mapping that is not valid', async () => {
    const { code, err } = await failing({ 'data.csv': csv }, { map: { ...mapping, filed: 'x' } })

    expect(code).toBe(1)
    expect(err).toContain('Unrecognized key: "filed"')
  })

  test('an encoding that does not exist', async () => {
    expect((await failing({ 'data.csv': csv }, { map: { ...mapping, encoding: 'utf-9' } })).code).toBe(1)
  })

  test('a data folder that cannot be one is a failure, not wrong use', async () => {
    const at = folderWith({ 'a-file': '' })
    const { code, err } = await failing({ 'data.csv': csv }, { more: ['--data', at('a-file')] })

    expect(code).toBe(3)
    expect(err).toMatch(/^andon: /)
  })

  test('rules that are not valid are shown with their place', async () => {
    const { code, err } = await failing({
      'data.csv': csv,
      'rules.sql': rules.replace('COUNT(*) >= 3', 'CONT(*) >= 3'),
    })

    expect(code).toBe(1)
    expect(err).toContain('line 4')
  })
})

test('rules that name targets are replayed without them', async () => {
  const held = rules.replace(
    'ESCALATE TO quality',
    "THEN inspection.request (product_model = product_model, reason = '{reports} reports') ON sap, notify (to = 'x')",
  )

  expect((await reported({ 'data.csv': csv, 'rules.sql': held })).signals).toHaveLength(1)
})
