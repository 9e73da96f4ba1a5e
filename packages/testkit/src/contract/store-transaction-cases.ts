import assert from 'node:assert/strict'
import type { HourlyAggregate, Store } from '@andon/core/connector'
import { sampleAction, sampleSignal } from '../sample.js'
import { rejection } from './plugin-cases.js'
import type { StoreCase } from './store-given.js'
import { patience, within } from './waiting.js'

export type StoreTransactionCaseId =
  | 'transaction'
  | 'rollback'
  | 'serial'
  | 'serial-rollback'
  | 'signals'
  | 'add-actions'
  | 'absent-actions'
  | 'put-actions'
  | 'checkpoints'
  | 'snapshots'
  | 'positions'
  | 'aggregates'
  | 'list-actions'
  | 'list-signals'
  | 'tenants'
  | 'effects-reopen'

const idsOf = (items: readonly { readonly id: string }[]): readonly string[] => items.map(({ id }) => id)

const aggregate = (overrides: Partial<HourlyAggregate> = {}): HourlyAggregate => ({
  hour: 500_000,
  tenant: 'default',
  channel: 'web',
  productModel: 'KX-500',
  faultCode: 'E-COOL-01',
  count: 3,
  severitySum: 18.5,
  ...overrides,
})

/** Reads a signal's count, lets others run, and writes it back raised by one. */
const raise = (store: Store, after: () => Promise<void> = async () => undefined): Promise<void> =>
  store.transaction(async (transaction) => {
    const signal = await transaction.getSignal('signal-0')
    await new Promise((resolve) => setImmediate(resolve))
    await transaction.putSignals([sampleSignal(0, { firings: (signal?.firings ?? 0) + 1 })])
    await after()
  })

export const storeTransactionCases: readonly StoreCase<StoreTransactionCaseId>[] = [
  {
    id: 'transaction',
    sentence: 'everything of one transaction is there when it resolves, with the result of its work',
    async check({ store }) {
      const result = await store.transaction(async (transaction) => {
        await transaction.putSignals([sampleSignal(0)])
        await transaction.setCheckpoint('analysis', 12)
        return transaction.addActions([sampleAction(0)])
      })
      assert.deepEqual(result, ['action-0'])
      assert.deepEqual(await store.signals.get('signal-0'), sampleSignal(0))
      assert.deepEqual(await store.actions.get('action-0'), sampleAction(0))
      assert.equal(await store.checkpoint('analysis'), 12)
    },
  },
  {
    id: 'rollback',
    sentence: 'a work that throws leaves nothing behind, and its error comes out',
    async check({ store }) {
      await store.transaction((transaction) => transaction.putSignals([sampleSignal(0)]))
      const work = store.transaction(async (transaction) => {
        await transaction.putSignals([sampleSignal(0, { firings: 9 }), sampleSignal(1)])
        await transaction.addActions([sampleAction(0)])
        await transaction.setCheckpoint('analysis', 12)
        await transaction.putSnapshot('analysis', { offset: 12, state: [] })
        await transaction.setPosition('sample', { at: 1 })
        await transaction.addAggregates([aggregate()])
        throw new RangeError('broken on purpose')
      })
      const error = await rejection(work, 'a work that throws')
      assert.match(String(error instanceof Error ? `${error.message} ${error.cause}` : error), /on purpose/)
      assert.equal((await store.signals.get('signal-0'))?.firings, 1)
      assert.equal(await store.signals.get('signal-1'), undefined)
      assert.equal(await store.actions.get('action-0'), undefined)
      assert.equal(await store.checkpoint('analysis'), 0)
      assert.equal(await store.snapshot('analysis'), undefined)
      assert.equal(await store.position('sample'), undefined)
      assert.deepEqual(await store.aggregates(), [])
    },
  },
  {
    id: 'serial',
    sentence: 'transactions asked for at once are serialised: none overwrites what another did',
    async check({ store }) {
      await within(Promise.all(Array.from({ length: 20 }, () => raise(store))), patience, '20 transactions')
      assert.equal((await store.signals.get('signal-0'))?.firings, 20)
    },
  },
  {
    id: 'serial-rollback',
    sentence: 'a transaction that fails does not take its neighbours with it',
    async check({ store }) {
      const broken = async (): Promise<void> => {
        throw new RangeError('broken on purpose')
      }
      const works = Array.from({ length: 9 }, (_, index) =>
        raise(store, index % 3 === 1 ? broken : undefined),
      )
      const results = await within(Promise.allSettled(works), patience, '9 transactions')
      assert.deepEqual(
        results.map(({ status }) => status === 'rejected'),
        works.map((_, index) => index % 3 === 1),
      )
      assert.equal((await store.signals.get('signal-0'))?.firings, 6)
    },
  },
  {
    id: 'signals',
    sentence: 'inside a transaction its own writes are seen, by id and by fingerprint',
    async check({ store }) {
      await store.transaction((transaction) => transaction.putSignals([sampleSignal(0), sampleSignal(1)]))
      await store.transaction(async (transaction) => {
        const changed = sampleSignal(1, { status: 'contained', firings: 4 })
        await transaction.putSignals([changed])
        assert.deepEqual(await transaction.getSignal('signal-1'), changed)
        const prints = [sampleSignal(1).fingerprint, 'nobody', sampleSignal(0).fingerprint]
        const found = await transaction.findSignals(prints)
        assert.deepEqual(new Set(idsOf(found)), new Set(['signal-0', 'signal-1']))
        assert.equal(found.find(({ id }) => id === 'signal-1')?.firings, 4)
        assert.equal(await transaction.getSignal('signal-9'), undefined)
      })
    },
  },
  {
    id: 'add-actions',
    sentence: 'addActions leaves an action that exists alone, and says which ids were new',
    async check({ store }) {
      await store.transaction((transaction) => transaction.addActions([sampleAction(0)]))
      const added = await store.transaction((transaction) =>
        transaction.addActions([
          sampleAction(0, { status: 'dead', priority: 1 }),
          sampleAction(1),
          sampleAction(1, { priority: 9 }),
        ]),
      )
      assert.deepEqual(added, ['action-1'])
      assert.deepEqual(await store.actions.get('action-0'), sampleAction(0))
      assert.equal((await store.actions.get('action-1'))?.priority, 5)
    },
  },
  {
    id: 'absent-actions',
    sentence: 'absentActions says which ids no action has, and those can be added',
    async check({ store }) {
      await store.transaction((transaction) => transaction.addActions([sampleAction(0)]))
      await store.transaction(async (transaction) => {
        const ids = ['action-0', 'action-1', 'action-2', 'action-1']
        assert.deepEqual(await transaction.absentActions(ids), ['action-1', 'action-2'])
        assert.deepEqual(await transaction.addActions([sampleAction(1)]), ['action-1'])
        assert.deepEqual(await transaction.addActions([sampleAction(1, { priority: 9 })]), [])
        assert.deepEqual(await transaction.absentActions(['action-1', 'action-2']), ['action-2'])
        assert.deepEqual(await transaction.absentActions([]), [])
        // With another that nobody has asked about, and then once more.
        assert.deepEqual(await transaction.addActions([sampleAction(2), sampleAction(3)]), [
          'action-2',
          'action-3',
        ])
        assert.deepEqual(await transaction.addActions([sampleAction(2)]), [])
      })
      assert.deepEqual(await store.actions.get('action-1'), sampleAction(1))
      assert.deepEqual(await store.actions.get('action-2'), sampleAction(2))
      await store.transaction((transaction) => transaction.absentActions(['action-4']))
      assert.equal(await store.actions.get('action-4'), undefined)
    },
  },
  {
    id: 'put-actions',
    sentence: 'putActions replaces an action whole',
    async check({ store }) {
      const receipt = { reference: 'HOLD-1', proof: { status: 'held' } }
      const done = sampleAction(0, { status: 'succeeded', attempts: 2, receipt })
      await store.transaction((transaction) => transaction.addActions([sampleAction(0)]))
      await store.transaction(async (transaction) => {
        await transaction.putActions([done])
        assert.deepEqual(await transaction.getAction('action-0'), done)
      })
      assert.deepEqual(await store.actions.get('action-0'), done)
      assert.deepEqual(await store.actions.list({ status: ['approved'] }), [])
    },
  },
  {
    id: 'checkpoints',
    sentence: 'each stage has its own checkpoint, 0 before the first',
    async check({ store }) {
      await store.transaction(async (transaction) => {
        await transaction.setCheckpoint('assembly', 5)
        await transaction.setCheckpoint('quality', 8)
      })
      await store.transaction((transaction) => transaction.setCheckpoint('assembly', 6))
      const found = await Promise.all(['assembly', 'quality', 'rnd'].map((stage) => store.checkpoint(stage)))
      assert.deepEqual(found, [6, 8, 0])
    },
  },
  {
    id: 'snapshots',
    sentence: 'the last snapshot of a stage comes back exactly, with the offset it stands for',
    async check({ store }) {
      const state = {
        'KX-500': { mean: 0.1 + 0.2, seen: ['华南', null], deep: [[[]], {}] },
        big: 2 ** 53 - 1,
      }
      await store.transaction((transaction) => transaction.putSnapshot('quality', { offset: 3, state: 1 }))
      await store.transaction((transaction) => transaction.putSnapshot('quality', { offset: 9, state }))
      assert.deepEqual(await store.snapshot('quality'), { offset: 9, state })
      assert.equal(await store.snapshot('assembly'), undefined)
    },
  },
  {
    id: 'positions',
    sentence: 'a source goes on where it was, and an unknown one has no position',
    async check({ store }) {
      await store.transaction((transaction) => transaction.setPosition('crm', { replay: 'a', at: [1] }))
      await store.transaction((transaction) => transaction.setPosition('crm', { replay: 'b' }))
      assert.deepEqual(await store.position('crm'), { replay: 'b' })
      assert.equal(await store.position('mail'), undefined)
    },
  },
  {
    id: 'aggregates',
    sentence: 'aggregates add up by hour and key, and are found by tenant and hours',
    async check({ store }) {
      const later = aggregate({ hour: 500_005, count: 1, severitySum: 2 })
      const other = aggregate({ faultCode: 'E-NOISE' })
      await store.transaction((transaction) => transaction.addAggregates([aggregate(), aggregate(), other]))
      const foreign = aggregate({ tenant: 'other' })
      await store.transaction((transaction) => transaction.addAggregates([aggregate(), later, foreign]))
      const mine = await store.aggregates({ tenant: 'default' })
      assert.equal(mine.length, 3)
      const summed = mine.find(({ hour, faultCode }) => hour === 500_000 && faultCode === 'E-COOL-01')
      assert.deepEqual(summed, aggregate({ count: 9, severitySum: 55.5 }))
      assert.deepEqual(await store.aggregates({ tenant: 'default', fromHour: 500_001 }), [later])
      assert.equal((await store.aggregates({ toHour: 500_001 })).length, 3)
    },
  },
  {
    id: 'list-actions',
    sentence: 'actions are listed by priority, then by age, and can be narrowed down',
    async check({ store }) {
      const actions = [
        sampleAction(0, { priority: 5 }),
        sampleAction(1, { priority: 1, status: 'dead' }),
        sampleAction(2, { priority: 5, signalId: 'signal-x' }),
        sampleAction(3, { priority: 1 }),
        sampleAction(4, { priority: 9 }),
      ]
      // Not in the order of age, so that the order of insertion cannot stand in for it.
      await store.transaction((transaction) => transaction.addActions(actions.toReversed()))
      const list = async (options?: Parameters<Store['actions']['list']>[0]) =>
        idsOf(await store.actions.list(options))
      assert.deepEqual(await list(), ['action-1', 'action-3', 'action-0', 'action-2', 'action-4'])
      assert.deepEqual(await list({ limit: 2 }), ['action-1', 'action-3'])
      assert.deepEqual(await list({ status: ['dead'] }), ['action-1'])
      assert.equal((await list({ status: ['dead', 'approved'] })).length, 5)
      assert.deepEqual(await list({ signalId: 'signal-x' }), ['action-2'])
    },
  },
  {
    id: 'list-signals',
    sentence: 'signals are listed by status, up to a limit',
    async check({ store }) {
      const signals = [sampleSignal(0), sampleSignal(1, { status: 'closed' }), sampleSignal(2)]
      await store.transaction((transaction) => transaction.putSignals(signals))
      const open = await store.signals.list({ status: ['open'] })
      assert.deepEqual(new Set(idsOf(open)), new Set(['signal-0', 'signal-2']))
      assert.equal((await store.signals.list()).length, 3)
      assert.equal((await store.signals.list({ limit: 2 })).length, 2)
    },
  },
  {
    id: 'tenants',
    sentence: 'a tenant sees nothing of another in any list',
    async check({ store }) {
      await store.transaction(async (transaction) => {
        await transaction.putSignals([sampleSignal(0), sampleSignal(1, { tenant: 'other' })])
        await transaction.addActions([sampleAction(0), sampleAction(1, { tenant: 'other' })])
        await transaction.addAggregates([aggregate(), aggregate({ tenant: 'other' })])
      })
      assert.deepEqual(idsOf(await store.signals.list({ tenant: 'other' })), ['signal-1'])
      assert.deepEqual(idsOf(await store.actions.list({ tenant: 'other' })), ['action-1'])
      assert.deepEqual(await store.aggregates({ tenant: 'other' }), [aggregate({ tenant: 'other' })])
      assert.deepEqual(await store.signals.list({ tenant: 'nobody' }), [])
    },
  },
  {
    id: 'effects-reopen',
    sentence: 'signals, actions, checkpoints, snapshots, positions and aggregates survive a restart',
    async check(given) {
      await given.store.transaction(async (transaction) => {
        await transaction.putSignals([sampleSignal(0)])
        await transaction.addActions([sampleAction(0)])
        await transaction.setCheckpoint('analysis', 3)
        await transaction.putSnapshot('analysis', { offset: 3, state: { windows: [1] } })
        await transaction.setPosition('crm', { replay: 'a' })
        await transaction.addAggregates([aggregate()])
      })
      const store = await given.reopen()
      assert.deepEqual(await store.signals.get('signal-0'), sampleSignal(0))
      assert.deepEqual(await store.actions.get('action-0'), sampleAction(0))
      assert.equal(await store.checkpoint('analysis'), 3)
      assert.deepEqual(await store.snapshot('analysis'), { offset: 3, state: { windows: [1] } })
      assert.deepEqual(await store.position('crm'), { replay: 'a' })
      assert.deepEqual(await store.aggregates(), [aggregate()])
      await store.close()
    },
  },
]
