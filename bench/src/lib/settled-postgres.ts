import { Client } from 'pg'

/**
 * Asks PostgreSQL for the checkpoint that it makes by itself every five minutes. From then on its log is files that it
 * has written before; one that has just been set up makes a new file every few seconds, and everybody waits while that
 * is filled with zeros.
 */
export async function settledPostgres(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('CHECKPOINT')
  } finally {
    await client.end()
  }
}
