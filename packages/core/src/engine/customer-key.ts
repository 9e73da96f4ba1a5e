import { randomBytes } from 'node:crypto'
import type { Store } from '../connector/store.js'

const customerKeyName = 'customer-key'

/** Pseudonyms must stay the same over restarts, so the key lives beside the data it protects. */
export async function keptCustomerKey(store: Store): Promise<string> {
  const kept = await store.kept(customerKeyName)
  if (typeof kept?.key === 'string') return kept.key
  const key = randomBytes(32).toString('base64url')
  await store.transaction((transaction) => transaction.keep(customerKeyName, { key }))
  return key
}
