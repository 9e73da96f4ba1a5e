import { postgresStore } from '@andon/store-postgres'
import { sampleAction, sampleEntry, sampleSignal, sampleStart } from '@andon/testkit'
import { afterEach, expect, it } from 'vitest'
import { describeWith, servers } from '../../../test/support/servers.js'
import { Database } from '../src/database/database.js'
import { settingsOf } from '../src/options.js'
import { migrate } from '../src/schema/migrate.js'
import { migrations } from '../src/schema/migrations.js'
import { actionStatements, actionWriting } from '../src/transaction/actions.js'
import { freshSchema } from './support/schemas.js'

const latest = migrations.length

describeWith('the schema of the PostgreSQL store', servers.postgres, ({ url }) => {
  const made: ReturnType<typeof freshSchema>[] = []
  const fresh = () => {
    const schema = freshSchema(url)
    made.push(schema)
    return schema
  }
  afterEach(async () => {
    for (const schema of made.splice(0)) await schema.drop()
  })

  it('is made once by processes that open it at the same time', async () => {
    const schema = fresh()
    const stores = await Promise.all(Array.from({ length: 4 }, () => schema.open({ connections: 1 })))
    await Promise.all(stores.map((store, index) => store.journal.appendTick(index)))
    const steps = await schema.query('SELECT version, name FROM $schema.migrations')
    expect(steps).toEqual(migrations.map(({ version, name }) => ({ version, name })))
  })

  it('that a later release has been at is refused', async () => {
    const schema = fresh()
    await (await schema.open()).close?.()
    await schema.query("INSERT INTO $schema.migrations VALUES (99, 'from the future', 'x', now())")
    await expect(schema.open()).rejects.toMatchObject({
      code: 'STORE_INCOMPATIBLE',
      retryable: false,
      details: { location: `schema ${schema.schema}`, found: 99, expected: latest },
    })
  })

  it('that another release made in another way is refused', async () => {
    const schema = fresh()
    await (await schema.open()).close?.()
    await schema.query("UPDATE $schema.migrations SET checksum = 'another'")
    await expect(schema.open()).rejects.toMatchObject({ code: 'STORE_INCOMPATIBLE' })
  })

  it('is brought forward step by step, each whole or not at all', async () => {
    const schema = fresh()
    await (await schema.open()).close?.()
    const database = new Database(settingsOf({ url, schema: schema.schema, connections: 1 }))
    const next = { version: latest + 1, name: 'more', sql: 'CREATE TABLE $schema.more (n int)' }
    const broken = {
      version: latest + 2,
      name: 'broken',
      sql: 'CREATE TABLE $schema.other (n int); SELECT 1 / 0',
    }
    await expect(migrate(database, [...migrations, next, broken])).rejects.toMatchObject({
      code: 'STORE_FAILED',
      retryable: false,
    })
    expect(await schema.query('SELECT max(version) AS version FROM $schema.migrations')).toEqual([
      { version: latest },
    ])
    await migrate(database, [...migrations, next])
    await migrate(database, [...migrations, next])
    expect(await schema.query('SELECT * FROM $schema.more')).toEqual([])
    await database.close()
    await expect(schema.open()).rejects.toMatchObject({
      code: 'STORE_INCOMPATIBLE',
      details: { found: latest + 1 },
    })
  })

  it('of the first release is brought to this one, and works', async () => {
    const schema = fresh()
    const database = new Database(settingsOf({ url, schema: schema.schema, connections: 1 }))
    await migrate(database, migrations.slice(0, 1))
    await database.close()
    const store = await schema.open()
    await store.transaction((transaction) => transaction.putSignals([sampleSignal(1)]))
    const { fingerprint } = sampleSignal(1)
    const found = await store.transaction((transaction) =>
      transaction.findSignals([fingerprint, 'not there', fingerprint]),
    )
    expect(found).toEqual([sampleSignal(1)])
    expect(await store.transaction((transaction) => transaction.absentActions(['a']))).toEqual(['a'])
  })

  it('is read by its indexes, also with plans that are older than the rows', async () => {
    const schema = fresh()
    const store = await schema.open()
    await store.transaction((transaction) => transaction.addActions([sampleAction(1)]))
    // Tables of one page, as the server knows them: whoever plans now would read them whole.
    await schema.query('ANALYZE $schema.actions')
    await schema.query('ANALYZE $schema.action_states')
    const database = new Database(settingsOf({ url, schema: schema.schema, connections: 1 }))
    const scans = `SELECT relname, seq_scan::int FROM pg_stat_xact_user_tables
      WHERE schemaname = '${schema.schema}' AND relname LIKE 'action%' ORDER BY relname`
    const counted = await database.change('test', async (session) => {
      const actions = actionWriting(session, actionStatements(schema.schema))
      expect(await actions.absentActions(['action-1', 'x'])).toEqual(['x'])
      await actions.putActions([sampleAction(1, { status: 'dead' })])
      expect((await actions.getAction('action-1'))?.status).toBe('dead')
      return session.run({ name: '', text: scans })
    })
    expect(counted).toEqual([
      { relname: 'action_states', seq_scan: 0 },
      { relname: 'actions', seq_scan: 0 },
    ])
    await database.close()
  })

  it('may have been made by somebody else, empty, for a role that may not make schemas', async () => {
    const schema = fresh()
    await schema.query('CREATE SCHEMA $schema')
    const store = await schema.open()
    expect(await store.journal.appendTick(1)).toBe(1)
  })

  it('stands beside others: stores of two schemas do not meet', async () => {
    const [one, two] = await Promise.all([fresh().open(), fresh().open()])
    await one.journal.append({ at: sampleStart, entries: [sampleEntry(0)], quarantined: [] })
    const [answer] = await two.journal.append({ at: sampleStart, entries: [sampleEntry(0)], quarantined: [] })
    expect(answer?.status).toBe('accepted')
    const request = { name: 'x', owner: 'a', ttlMs: 60_000, from: 'free' } as const
    expect(await one.shared?.claim(request)).toMatchObject({ epoch: 1 })
    expect(await two.shared?.claim({ ...request, owner: 'b' })).toMatchObject({ epoch: 1 })
  })

  it('holds no more partitions than the days that are written, and one ahead', async () => {
    const schema = fresh()
    const store = await schema.open()
    await store.journal.append({ at: sampleStart, entries: [sampleEntry(0)], quarantined: [] })
    await expect
      .poll(async () =>
        schema.query("SELECT inhrelid FROM pg_inherits WHERE inhparent = '$schema.segments'::regclass"),
      )
      .toHaveLength(2)
  })

  it('is not touched by a store that is not open', async () => {
    const store = postgresStore({ url, schema: 'never_made' })
    await expect(store.transaction(async () => undefined)).rejects.toMatchObject({ code: 'STORE_FAILED' })
    expect(await store.check()).toMatchObject({ ok: false })
    await store.close?.()
  })
})
