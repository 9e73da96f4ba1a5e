import type { LaneItem } from '@andon/core/connector'
import { sampleEntry, sampleStart } from '@andon/testkit'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeWith, servers } from '../../../test/support/servers.js'
import { freshSchema } from './support/schemas.js'

const item = (position: number): LaneItem => ({
  ...{ kind: 'feedback', position, at: sampleStart + position, entry: sampleEntry(position) },
})

describeWith('the PostgreSQL store forgets', servers.postgres, ({ url }) => {
  let schema = freshSchema(url)
  beforeEach(() => {
    schema = freshSchema(url)
  })
  afterEach(() => schema.drop())

  const days = async (): Promise<readonly number[]> => {
    const rows = await schema.query(`SELECT substr(c.relname, 10)::int AS day FROM pg_inherits i
      JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = '$schema.segments'::regclass ORDER BY 1`)
    return rows.map(({ day }) => Number(day))
  }
  const count = async (table: string): Promise<number> =>
    Number((await schema.query(`SELECT count(*) AS n FROM $schema.${table}`))[0]?.n)

  it('a day as a whole when nothing of it is needed, and rows where something is', async () => {
    const store = await schema.open()
    for (const index of [0, 1, 2, 3]) {
      await store.journal.append({ at: sampleStart + index, entries: [sampleEntry(index)], quarantined: [] })
    }
    const today = Math.floor(Date.now() / 86_400_000)
    // As if the first two had been appended nine days ago, the third eight, and the last today.
    for (const [ago, offsets] of [
      [9, '1, 2'],
      [8, '3'],
    ] as const) {
      await schema.query(`SELECT $schema.add_day(${today - ago})`)
      await schema.query(`UPDATE $schema.segments SET day = ${today - ago} WHERE last_offset IN (${offsets})`)
    }
    expect(await store.journal.trim(sampleStart + 1, 100)).toBe(1)
    expect(await days()).toContain(today - 9)
    expect([await count('segments'), await count('seen')]).toEqual([3, 3])
    expect(await store.journal.trim(sampleStart + 3, 100)).toBe(2)
    expect(await days()).not.toContain(today - 9)
    expect(await days()).not.toContain(today - 8)
    expect([await count('segments'), await count('seen')]).toEqual([1, 1])
    expect((await store.journal.read(1, 10)).map(({ offset }) => offset)).toEqual([4])
  })

  it('half a segment at once, and the messages in it may come again', async () => {
    const store = await schema.open()
    const lane = store.shared?.lane('feedback/0')
    await lane?.append({ items: [0, 1, 2, 3].map(item), quarantined: [] })
    await store.transaction((transaction) =>
      transaction.putSnapshot('q@feedback/0', { offset: 4, state: {} }),
    )
    expect(await store.shared?.trimLanes(sampleStart + 2)).toBe(2)
    expect([await count('segments'), await count('seen')]).toEqual([1, 2])
    expect((await lane?.read(1, 10))?.map(({ offset }) => offset)).toEqual([3, 4])
    const again = [0, 3].map((index, step): LaneItem => ({ ...item(index), position: 10 + step }))
    expect(await lane?.append({ items: again, quarantined: [] })).toMatchObject([
      { status: 'accepted', offset: 5 },
      { status: 'left-out' },
    ])
  })

  it('revisions with the feedback that they belong to', async () => {
    const store = await schema.open()
    const append = (symptomText: string) =>
      store.journal.append({ at: sampleStart, entries: [sampleEntry(0, { symptomText })], quarantined: [] })
    await append('It is warm')
    for (const text of ['It smokes', 'It smokes', 'It burns']) {
      expect(await append(text)).toMatchObject([{ status: 'duplicate', merged: true }])
    }
    expect(await count('revisions')).toBe(2)
    await store.journal.trim(sampleStart + 1, 100)
    expect([await count('revisions'), await count('seen'), await count('segments')]).toEqual([0, 0, 0])
  })

  it('nothing that was not added to the sums by the hour', async () => {
    const store = await schema.open()
    const lane = store.shared?.lane('feedback/0')
    await lane?.append({ items: [0, 1, 2].map(item), quarantined: [] })
    const before = await store.aggregates()
    await store.transaction((transaction) =>
      transaction.putSnapshot('q@feedback/0', { offset: 3, state: {} }),
    )
    expect(await store.shared?.trimLanes(sampleStart + 1000)).toBe(3)
    expect(await count('segments')).toBe(0)
    expect(await store.aggregates()).toEqual(before)
    expect(before.map(({ count: feedback }) => feedback)).toEqual([3])
  })
})
