import assert from 'node:assert/strict'
import { type PluginCaseId, pluginCases } from './plugin-cases.js'
import type { ContractRunner } from './runner.js'
import type { StoreCase, StoreGiven } from './store-given.js'
import { type StoreJournalCaseId, storeJournalCases } from './store-journal-cases.js'
import { type StoreLaneCaseId, storeLaneCases } from './store-lane-cases.js'
import { type StoreOutboxCaseId, storeOutboxCases } from './store-outbox-cases.js'
import { type StoreSharedCaseId, storeSharedCases } from './store-shared-cases.js'
import { type StoreTransactionCaseId, storeTransactionCases } from './store-transaction-cases.js'
import { type Exemptions, type Factory, registerSuite } from './suite.js'

export type StoreCaseId =
  | PluginCaseId
  | 'check'
  | StoreJournalCaseId
  | StoreOutboxCaseId
  | StoreTransactionCaseId
  | StoreSharedCaseId
  | StoreLaneCaseId

/** The cases of `Store.shared`. */
const sharedCases: readonly StoreCase<StoreSharedCaseId | StoreLaneCaseId>[] = [
  ...storeSharedCases,
  ...storeLaneCases,
]

const storeCases: readonly StoreCase<StoreCaseId>[] = [
  ...pluginCases<StoreGiven>((given) => given.store),
  {
    id: 'check',
    sentence: 'it says that it is well when it is open, and not when it is closed',
    async check({ store }) {
      assert.equal((await store.check()).ok, true)
      await store.close()
      assert.equal((await store.check()).ok, false)
    },
  },
  ...storeJournalCases,
  ...storeOutboxCases,
  ...storeTransactionCases,
  ...sharedCases,
]

/** A store's exemptions; `shared` exempts a store that only one process can use from all cases of `Store.shared`. */
export type StoreExemptions = Exemptions<StoreCaseId | 'shared'>

/**
 * The contract of a store, one test for each sentence of it.
 *
 * @param exemptions case id → why this store cannot keep it; prints as skipped
 */
export function storeContract(
  runner: ContractRunner,
  factory: Factory<StoreGiven>,
  exemptions: StoreExemptions = {},
): void {
  const { shared, ...others } = exemptions
  const ofShared = shared === undefined ? [] : sharedCases.map(({ id }) => [id, shared] as const)
  registerSuite(runner, 'store contract v1', storeCases, factory, {
    ...Object.fromEntries(ofShared),
    ...others,
  })
}
