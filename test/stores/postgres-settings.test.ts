import { postgresStore } from '@andon/store-postgres'
import { Client } from 'pg'
import { expect, it } from 'vitest'
import { privateServers } from '../support/private-servers.js'
import { describeWith, startedServers } from '../support/servers.js'

describeWith('the PostgreSQL store', startedServers.postgres, () => {
  it('refuses a server that does not keep what it acknowledges', { timeout: 120_000 }, async () => {
    const set = privateServers()
    const url = (await set.up(['postgres'])).postgres?.url ?? ''
    const change = async (text: string): Promise<void> => {
      const client = new Client({ connectionString: url })
      await client.connect()
      // The role's own setting would let the server forget this when it is killed.
      await client.query('SET synchronous_commit = on')
      await client.query(text)
      await client.end()
    }
    await change(
      "DO $$ BEGIN EXECUTE format('ALTER ROLE %I SET synchronous_commit = off', current_user); END $$",
    )
    await expect(postgresStore({ url }).open()).rejects.toMatchObject({
      code: 'STORE_FAILED',
      retryable: false,
      message: expect.stringContaining('synchronous_commit'),
    })
    await change("DO $$ BEGIN EXECUTE format('ALTER ROLE %I RESET synchronous_commit', current_user); END $$")
    await change('ALTER SYSTEM SET fsync = off')
    await set.kill('postgres', 'SIGKILL')
    await set.up(['postgres'])
    await expect(postgresStore({ url }).open()).rejects.toMatchObject({
      message: expect.stringContaining('fsync is off'),
    })
    const store = postgresStore({ url, acceptNoFsync: true })
    await store.open()
    expect(await store.check()).toEqual({ ok: true, detail: expect.stringContaining('fsync is off') })
    await store.close?.()
  })
})
