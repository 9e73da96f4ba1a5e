import { readFileSync } from 'node:fs'
import { postgresStore } from '@andon/store-postgres'
import { expect, it } from 'vitest'
import { query } from '../../packages/store-postgres/test/support/schemas.js'
import { describeWith, servers } from '../support/servers.js'

const encrypted = servers.postgres?.tls && { url: servers.postgres.url, ca: servers.postgres.tls.ca }

describeWith('the PostgreSQL store over an encrypted connection', encrypted, ({ url, ca }) => {
  const schema = `tls_${process.pid}`

  it('trusts the authority that it is given, and works', async () => {
    const store = postgresStore({ url, schema, tls: { ca: readFileSync(ca, 'utf8') } })
    await store.open()
    const [row] = await query(
      url,
      `SELECT bool_and(s.ssl) AS encrypted FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)
       WHERE a.application_name = 'andon postgres' AND a.query LIKE '%${schema}%'`,
    )
    expect(row).toEqual({ encrypted: true })
    expect(await store.journal.appendTick(1)).toBe(1)
    await store.close?.()
    await query(url, `DROP SCHEMA ${schema} CASCADE`)
  })

  it('refuses a certificate that nobody it trusts has signed', async () => {
    await expect(postgresStore({ url, schema, tls: true }).open()).rejects.toMatchObject({
      code: 'STORE_FAILED',
      retryable: false,
      message: expect.stringMatching(/certificate/i),
    })
  })
})
