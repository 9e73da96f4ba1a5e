import type { Store } from '@andon/core/connector'
import { type PostgresStoreOptions, postgresStore } from '@andon/store-postgres'
import { Client } from 'pg'

let made = 0

/** A schema of its own in a database that others use too. */
export function freshSchema(url: string) {
  const schema = `t${process.pid}_${made++}_${Date.now().toString(36)}`
  const stores: Store[] = []
  return {
    schema,
    async open(options: PostgresStoreOptions = {}): Promise<Store> {
      const store = postgresStore({ url, schema, connections: 4, ...options })
      stores.push(store)
      await store.open()
      return store
    },
    query: (text: string) => query(url, text.replaceAll('$schema', schema)),
    async drop(): Promise<void> {
      await Promise.all(stores.map((store) => store.close?.()))
      await query(url, `DROP SCHEMA IF EXISTS ${schema} CASCADE`)
    },
  }
}

/** Runs statements one after the other on a connection of their own; the rows of the last. */
export async function query(
  url: string,
  ...texts: readonly string[]
): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    let rows: readonly Record<string, unknown>[] = []
    for (const text of texts) rows = (await client.query<Record<string, unknown>>(text)).rows
    return rows
  } finally {
    await client.end()
  }
}
