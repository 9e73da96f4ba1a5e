import type { NewEntry, SharedStore, Store, StoreTransaction } from '@andon/core/connector'
import { type StoreCaseId, type StoreGiven, storeContract } from '@andon/testkit'
import { expect, it } from 'vitest'
import { failuresOf } from '../support/broken.js'
import { memoryStoreGiven } from '../support/given.js'

/** The ids of the cases that fail when every store of the suite is spoilt. */
const failuresWith = (spoil: (store: Store) => Store): Promise<readonly string[]> =>
  failuresOf((runner) =>
    storeContract(runner, async (): Promise<StoreGiven> => {
      const given = await memoryStoreGiven()
      const { crash, another } = given
      return {
        ...given,
        store: spoil(given.store),
        reopen: async () => spoil(await given.reopen()),
        ...(crash && { crash: async () => spoil(await crash()) }),
        ...(another && { another: async () => spoil(await another()) }),
      }
    }),
  )

const withJournal = (store: Store, journal: Partial<Store['journal']>): Store => ({
  ...store,
  journal: { ...store.journal, ...journal },
})

const withShared = (store: Store, spoil: (shared: SharedStore) => SharedStore): Store =>
  store.shared === undefined ? store : { ...store, shared: spoil(store.shared) }

let renamed = 0
const rename = ({ feedback, raw }: NewEntry): NewEntry => {
  renamed += 1
  return { raw, feedback: { ...feedback, sourceMessageId: `${feedback.sourceMessageId} ${renamed}` } }
}

/** A transaction that reads what is committed and writes nothing. */
const readThrough = (store: Store): StoreTransaction => ({
  putSignals: async () => undefined,
  absentActions: async (ids) => ids,
  addActions: async () => [],
  putActions: async () => undefined,
  getSignal: (id) => store.signals.get(id),
  findSignals: async () => [],
  getAction: (id) => store.actions.get(id),
  leaseActions: async () => [],
  endLeases: async () => undefined,
  getBelief: async () => undefined,
  putBeliefs: async () => undefined,
  removeBeliefs: async () => undefined,
  appendAudit: async () => undefined,
  keep: async () => undefined,
  kept: (name) => store.kept(name),
  setCheckpoint: async () => undefined,
  putSnapshot: async () => undefined,
  addAggregates: async () => undefined,
  setPosition: async () => undefined,
  removeQuarantined: async () => undefined,
})

const broken: readonly {
  readonly what: string
  readonly spoil: (store: Store) => Store
  readonly fails: readonly StoreCaseId[]
}[] = [
  {
    what: 'forgets what it has seen',
    spoil: (store) =>
      withJournal(store, {
        append: (request) => store.journal.append({ ...request, entries: request.entries.map(rename) }),
      }),
    fails: ['duplicate', 'duplicate-in-batch', 'merge', 'reopen', 'crash'],
  },
  {
    what: 'loses the quarantined',
    spoil: (store) =>
      withJournal(store, { append: (request) => store.journal.append({ ...request, quarantined: [] }) }),
    fails: ['quarantine'],
  },
  {
    what: 'leaves gaps between offsets',
    spoil: (store) =>
      withJournal(store, {
        async append(request) {
          if (request.entries.length > 1) await store.journal.appendTick(request.at)
          return store.journal.append(request)
        },
      }),
    fails: ['append', 'offsets', 'trim'],
  },
  {
    what: 'reads one entry too late',
    spoil: (store) => withJournal(store, { read: (offset, limit) => store.journal.read(offset + 1, limit) }),
    fails: ['append', 'fidelity', 'read'],
  },
  {
    what: 'trims past keepFrom',
    spoil: (store) =>
      withJournal(store, { trim: (before) => store.journal.trim(before, Number.MAX_SAFE_INTEGER) }),
    fails: ['trim'],
  },
  {
    what: 'commits what a work wrote before it threw',
    spoil: (store) => ({
      ...store,
      async transaction(work) {
        let failure: unknown
        const result = await store.transaction(async (transaction) => {
          try {
            return { value: await work(transaction) }
          } catch (error) {
            failure = error
            return undefined
          }
        })
        if (result === undefined) throw failure
        return result.value
      },
    }),
    fails: ['rollback', 'serial-rollback'],
  },
  {
    what: 'lets transactions run through each other',
    spoil: (store) => ({
      ...store,
      transaction: async (work) => {
        const writes: ((transaction: StoreTransaction) => Promise<unknown>)[] = []
        const result = await work({
          ...readThrough(store),
          putSignals: async (signals) => {
            writes.push((transaction) => transaction.putSignals(signals))
          },
        })
        await store.transaction(async (transaction) => {
          for (const write of writes) await write(transaction)
        })
        return result
      },
    }),
    fails: ['serial'],
  },
  {
    what: 'replaces actions that exist',
    spoil: (store) => ({
      ...store,
      transaction: (work) =>
        store.transaction((transaction) =>
          work({
            ...transaction,
            async addActions(actions) {
              await transaction.addActions(actions)
              await transaction.putActions(actions)
              return actions.map(({ id }) => id)
            },
          }),
        ),
    }),
    fails: ['add-actions'],
  },
  {
    what: 'calls actions absent that exist',
    spoil: (store) => ({
      ...store,
      transaction: (work) =>
        store.transaction((transaction) => work({ ...transaction, absentActions: async (ids) => ids })),
    }),
    fails: ['absent-actions'],
  },
  {
    what: 'counts an aggregate twice',
    spoil: (store) => ({
      ...store,
      transaction: (work) =>
        store.transaction((transaction) =>
          work({
            ...transaction,
            addAggregates: (added) => transaction.addAggregates([...added, ...added]),
          }),
        ),
    }),
    fails: ['aggregates', 'tenants', 'effects-reopen'],
  },
  {
    what: 'shows a tenant the actions of another',
    spoil: (store) => ({
      ...store,
      actions: { ...store.actions, list: ({ tenant: _, ...page } = {}) => store.actions.list(page) },
    }),
    fails: ['tenants'],
  },
  {
    what: 'lists actions by age alone',
    spoil: (store) => ({
      ...store,
      actions: {
        ...store.actions,
        async list(page) {
          const found = [...(await store.actions.list(page))]
          return found.sort((left, right) => left.createdAt - right.createdAt)
        },
      },
    }),
    fails: ['list-actions'],
  },
  {
    what: 'lets whoever has lost a claim go on writing',
    spoil: (store) =>
      withShared(store, (shared) => ({ ...shared, claimed: (_, work) => store.transaction(work) })),
    fails: ['claim-any', 'claimed'],
  },
  {
    what: 'gives a claim again with the same epoch',
    spoil: (store) =>
      withShared(store, (shared) => ({
        ...shared,
        claim: async (request) => {
          const claim = await shared.claim(request)
          return claim && { ...claim, epoch: 1 }
        },
      })),
    fails: ['claim', 'claim-any'],
  },
  {
    what: 'writes for each stage what is in the lane already',
    spoil: (store) =>
      withShared(store, (shared) => ({
        ...shared,
        lane(name, options) {
          const lane = shared.lane(name, options)
          return {
            ...lane,
            async append({ items, quarantined }) {
              const { nextPosition } = await lane.last()
              return lane.append({
                items: items.map((item) => ({ ...item, position: item.position + nextPosition })),
                quarantined,
              })
            },
          }
        },
      })),
    fails: ['lane-again', 'lane-race', 'lane-unreadable'],
  },
  {
    what: 'forgets of a lane what a stage will replay',
    spoil: (store) =>
      withShared(store, (shared) => ({
        ...shared,
        async trimLanes(before) {
          const stages = ['quality', 'assembly'].map((stage) => `${stage}@feedback.appliance/3`)
          await store.transaction(async (transaction) => {
            for (const stage of stages) await transaction.putSnapshot(stage, { offset: 1e6, state: {} })
          })
          return shared.trimLanes(before)
        },
      })),
    fails: ['lane-trim'],
  },
  {
    what: 'is well when it is closed',
    spoil: (store) => ({ ...store, check: async () => ({ ok: true }) }),
    fails: ['check'],
  },
]

for (const { what, spoil, fails } of broken) {
  it(`a store that ${what} fails the suite`, async () => {
    expect(await failuresWith(spoil)).toEqual(expect.arrayContaining([...fails]))
  })
}

it('a store that keeps the contract fails no case', async () => {
  expect(await failuresWith((store) => ({ ...store }))).toEqual([])
})
