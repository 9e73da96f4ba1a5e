import { postgresStore } from '@andon/store-postgres'
import { expect, it } from 'vitest'
import { query } from '../../packages/store-postgres/test/support/schemas.js'
import { privateServers } from '../support/private-servers.js'
import { describeWith, startedServers } from '../support/servers.js'

describeWith('the PostgreSQL store', startedServers.postgres, () => {
  it('refuses a server that does not keep what it acknowledges', { timeout: 120_000 }, async () => {
    const set = privateServers()
    const url = (await set.up(['postgres'])).postgres?.url ?? ''
    // The role's own setting would let the server forget this when it is killed.
    const change = (text: string) => query(url, 'SET synchronous_commit = on', text)
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
