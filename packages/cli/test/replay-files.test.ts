import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { header, mapping, reported } from './replayed.js'

describe('a file', () => {
  const lines = [
    { id: 1, filed: '2024-01-01', model: 'X', text: 'a' },
    { id: 2, filed: '2024-01-02', model: 'X', text: 'b' },
    { id: 3, filed: '2024-01-03', model: 'X', text: 'c' },
  ].map((line) => JSON.stringify(line))

  test('of NDJSON is read line by line, and a bad line harms no neighbour', async () => {
    const text = [lines[0], '{"id": 9,', lines[1], '42', '', lines[2]].join('\n')
    const { rows, accepted, quarantined, signals } = await reported(
      { 'data.ndjson': text },
      { file: 'data.ndjson' },
    )

    expect({ rows, accepted, quarantined: quarantined.count }).toEqual({
      rows: 5,
      accepted: 3,
      quarantined: 2,
    })
    expect(quarantined.reasons[0]).toMatchObject({ field: 'body', examples: [{ row: 2 }] })
    expect(signals).toHaveLength(1)
  })

  test('in another encoding is read as the mapping says', async () => {
    // GB 18030: 异响
    const bytes = Buffer.concat([
      Buffer.from(`${header}\n1,2024-01-01,X,`),
      Buffer.from([0xd2, 0xec, 0xcf, 0xec]),
      Buffer.from(',,1\n2,2024-01-01,X,b,,1\n3,2024-01-01,X,c,,1\n'),
    ])
    const map = { ...mapping, encoding: 'gb18030' }
    const { signals } = await reported({ 'data.csv': bytes }, { map })

    expect(signals[0]?.quotes.map(({ text }) => text)).toContain('异响')
  })

  test('that is not in the encoding has those rows quarantined', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${header}\n1,2024-01-01,X,`),
      Buffer.from([0xd2, 0xec]),
      Buffer.from(',,1\n'),
    ])
    const { quarantined } = await reported({ 'data.csv': bytes })

    expect(quarantined.reasons[0]).toMatchObject({ field: 'text', count: 1 })
  })

  test('of CSV may have quoted line breaks, a byte order mark and another delimiter', async () => {
    const text = `\ufeff${header.replaceAll(',', ';')}\r\n1;2024-01-01;X;"two\r\nlines; one cell";;1\r\n`
    const { accepted } = await reported({ 'data.csv': text }, { map: { ...mapping, delimiter: ';' } })

    expect(accepted).toBe(1)
  })

  test('of CSV keeps a stray quote as part of its cell', async () => {
    const text = `${header}\n1,2024-01-01,X,a "b" c,,1\n2,2024-01-01,X,"b" c,,1\n3,2024-01-01,X,d,,1\n`
    const { accepted, signals } = await reported({ 'data.csv': text })

    expect(accepted).toBe(3)
    expect(signals[0]?.quotes.map(({ text }) => text)).toEqual(['a "b" c', '"b" c', 'd'])
  })

  test('of CSV with a quote that is never closed has what it swallowed quarantined', async () => {
    const text = `${header}\n1,2024-01-01,X,a,,1\n2,2024-01-01,X,"b,,1\n3,2024-01-01,X,c,,1\n`
    const { accepted, quarantined } = await reported({ 'data.csv': text })

    expect(accepted).toBe(1)
    expect(quarantined.reasons).toMatchObject([
      { field: 'row', reason: 'is not a row that can be read', count: 1, examples: [{ row: 2 }] },
    ])
  })

  test('with a header alone has no rows and no signals', async () => {
    const { rows, signals, from } = await reported({ 'data.csv': `${header}\n` })

    expect({ rows, signals, from }).toEqual({ rows: 0, signals: [], from: null })
  })

  test('cannot make rows vanish, whatever its cells are', async () => {
    const cell = fc.oneof(
      fc.constantFrom('', '1', '2024-01-01', '1919-01-01', '2999-01-01', 'x', '{"a":1}', '__proto__'),
      fc.string({ maxLength: 12 }),
    )
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 6, maxLength: 6 }), { maxLength: 12 }),
        async (table) => {
          const text = [
            `${header}`,
            '0,2024-01-01,X,a,,1',
            ...table.map((row) => row.map(quoted).join(',')),
          ].join('\n')
          const { rows, accepted, duplicates, quarantined } = await reported({ 'data.csv': `${text}\n` })
          expect(rows).toBe(table.length + 1)
          expect(accepted + duplicates + quarantined.count).toBe(rows)
        },
      ),
      { seed: 20240104, numRuns: 25 },
    )
  })
})
