import { randomBytes } from 'node:crypto'
import type { Store } from '../connector/store.js'

const customerKeyName = 'customer-key'

/** Pseudonyms must stay the same over restarts, so the key lives beside the data it protects. */
export async function keptCustomerKey(store: Store): Promise<string> {
  const kept = await store.kept(customerKeyName)
  if (typeof kept?.key === 'string') return kept.key
  return store.transaction(async (transaction) => {
    // Another process may have been first.
    const there = (await transaction.kept(customerKeyName))?.key
    if (typeof there === 'string') return there
    const key = randomBytes(32).toString('base64url')
    await transaction.keep(customerKeyName, { key })
    return key
  })
}
