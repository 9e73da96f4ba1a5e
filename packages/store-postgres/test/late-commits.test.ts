import { sampleEntry, sampleStart } from '@andon/testkit'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeWith, servers } from '../../../test/support/servers.js'
import { freshSchema } from './support/schemas.js'

describeWith('a reader of a log of the PostgreSQL store', servers.postgres, ({ url }) => {
  let schema = freshSchema(url)
  let slow = new Client({ connectionString: url })
  beforeEach(async () => {
    schema = freshSchema(url)
    slow = new Client({ connectionString: url })
    await slow.connect()
  })
  afterEach(async () => {
    await slow.end()
    await schema.drop()
  })

  const entry = (index: number) => ({ at: sampleStart, entries: [sampleEntry(index)], quarantined: [] })

  /** An append of a tick by another process that has not committed yet. */
  const appendSlowly = (log: number) =>
    slow.query(`SELECT * FROM ${schema.schema}.append(${log}, NULL, 1, (SELECT max(day) FROM ${schema.schema}.segments),
      '{}', '{}', '{}', '{}', '{1}', '{0}', '{0}', '{7}', '{7}', '{0}',
      ARRAY[convert_to('{"ats":[7],"ticks":[0],"keys":""}', 'UTF8')], ARRAY[NULL::bytea], NULL)`)

  it('never goes past an append that began before and commits later', async () => {
    const store = await schema.open()
    await store.journal.append(entry(0))
    await slow.query('BEGIN')
    await appendSlowly(0)
    // A bare serial would give this one offset 3, and let it be read before offset 2 is there.
    let isDone = false
    const later = store.journal.append(entry(1)).then((answers) => {
      isDone = true
      return answers
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(isDone).toBe(false)
    expect((await store.journal.read(1, 10)).map(({ offset }) => offset)).toEqual([1])
    expect(await store.journal.last()).toMatchObject({ offset: 1 })
    await slow.query('COMMIT')
    expect(await later).toMatchObject([{ status: 'accepted', offset: 3 }])
    expect((await store.journal.read(2, 10)).map(({ kind, offset }) => [kind, offset])).toEqual([
      ['tick', 2],
      ['feedback', 3],
    ])
  })

  it('finds no gap where an append was taken back', async () => {
    const store = await schema.open()
    await store.journal.append(entry(0))
    await slow.query('BEGIN')
    await appendSlowly(0)
    const later = store.journal.append(entry(1))
    await slow.query('ROLLBACK')
    expect(await later).toMatchObject([{ status: 'accepted', offset: 2 }])
    expect((await store.journal.read(1, 10)).map(({ offset }) => offset)).toEqual([1, 2])
  })

  it('sees every entry once and in order while four processes append with delays', async () => {
    const writers = await Promise.all(Array.from({ length: 4 }, () => schema.open({ connections: 1 })))
    const reader = await schema.open({ connections: 1 })
    let index = 0
    const writing = Promise.all(
      writers.map(async (store) => {
        for (let i = 0; i < 25; i++) await store.journal.append(entry(index++))
      }),
    )
    const read: number[] = []
    let isOver = false
    void writing.then(() => {
      isOver = true
    })
    for (let wasOver = false; !wasOver; ) {
      wasOver = isOver
      const entries = await reader.journal.read((read.at(-1) ?? 0) + 1, 7)
      read.push(...entries.map(({ offset }) => offset))
      if (entries.length > 0) wasOver = false
    }
    expect(read).toEqual(Array.from({ length: 100 }, (_, step) => step + 1))
  })
})
