import assert from 'node:assert/strict'
import { type Action, firstHash, type Store, type Subject } from '@andon/core/connector'
import { sampleAction } from '../sample.js'
import { rejection } from './plugin-cases.js'
import type { StoreCase } from './store-given.js'

export type StoreOutboxCaseId =
  | 'lease-order'
  | 'lease-held'
  | 'lease-put'
  | 'lease-ended'
  | 'lease-reopen'
  | 'due'
  | 'open'
  | 'beliefs'
  | 'beliefs-pages'
  | 'audit'
  | 'audit-rollback'
  | 'audit-reopen'
  | 'kept'

const add = (store: Store, actions: readonly Action[]): Promise<unknown> =>
  store.transaction((transaction) => transaction.addActions(actions))

/** Far behind every sample's due instant. */
const at = Date.UTC(2030, 0, 1)

const lease = (
  store: Store,
  owner: string,
  given: {
    readonly at?: number
    readonly until?: number
    readonly limit?: number
    readonly target?: string
  } = {},
): Promise<readonly string[]> =>
  store.transaction(async (transaction) => {
    const request = { owner, target: 'plant', at, until: at + 1000, limit: 100, ...given }
    return (await transaction.leaseActions(request)).map(({ id }) => id)
  })

const batch = (id: string): Subject => ({ kind: 'batch', id })
const event = (tenant: string, index: number) => ({
  ...{ tenant, at: at + index, what: 'action.proposed', action: `action-${index}`, signal: 'signal-1' },
  data: { 原因: '制冷故障', index },
})

export const storeOutboxCases: readonly StoreCase<StoreOutboxCaseId>[] = [
  {
    id: 'lease-order',
    sentence: 'leases give what is open and due of one target: urgent first, but none waits for ever',
    async check({ store }) {
      const old = sampleAction(0).createdAt - 3_600_000
      await add(store, [
        sampleAction(1, { id: 'late', priority: 5 }),
        sampleAction(2, { id: 'urgent', priority: 1 }),
        sampleAction(3, { id: 'patient', priority: 6, createdAt: old }),
        sampleAction(4, { id: 'elsewhere', target: 'crm' }),
        sampleAction(5, { id: 'not-due', dueAt: at + 1 }),
        sampleAction(6, { id: 'done', status: 'succeeded' }),
        sampleAction(7, { id: 'unsigned', status: 'awaiting-approval' }),
        sampleAction(8, { id: 'back', priority: 9, status: 'reverting' }),
      ])
      assert.deepEqual(await lease(store, 'a'), ['patient', 'urgent', 'late', 'back'])
    },
  },
  {
    id: 'lease-held',
    sentence: 'what one worker holds no other gets, until the lease is over',
    async check({ store }) {
      await add(
        store,
        [0, 1, 2].map((index) => sampleAction(index)),
      )
      assert.deepEqual(await lease(store, 'a', { limit: 2 }), ['action-0', 'action-1'])
      assert.deepEqual(await lease(store, 'b'), ['action-2'])
      assert.deepEqual(await lease(store, 'a'), [])
      assert.deepEqual(await lease(store, 'b', { at: at + 1000, until: at + 2000, limit: 1 }), ['action-0'])
    },
  },
  {
    id: 'lease-put',
    sentence: 'an action that is put back without a lease is free; with it, it stays held',
    async check({ store }) {
      await add(store, [sampleAction(0), sampleAction(1)])
      await store.transaction(async (transaction) => {
        const request = { owner: 'a', target: 'plant', at, until: at + 1000, limit: 2 }
        const [first, second] = await transaction.leaseActions(request)
        assert.deepEqual(first?.lease, { owner: 'a', until: at + 1000 })
        assert.ok(first !== undefined && second !== undefined)
        const { lease: _, ...free } = first
        await transaction.putActions([
          { ...free, status: 'retrying' },
          { ...second, status: 'executing' },
        ])
      })
      assert.deepEqual(await lease(store, 'b'), ['action-0'])
    },
  },
  {
    id: 'lease-ended',
    sentence: 'a process that begins frees the leases of those before it, not its own',
    async check({ store }) {
      await add(store, [sampleAction(0), sampleAction(1)])
      await lease(store, 'a', { limit: 1 })
      await lease(store, 'b', { limit: 1 })
      await store.transaction((transaction) => transaction.endLeases('b'))
      assert.deepEqual(await lease(store, 'c'), ['action-0'])
    },
  },
  {
    id: 'lease-reopen',
    sentence: 'leases are durable',
    async check(given) {
      await add(given.store, [sampleAction(0), sampleAction(1)])
      await lease(given.store, 'a', { limit: 1 })
      const store = await given.reopen()
      assert.deepEqual(await lease(store, 'b'), ['action-1'])
    },
  },
  {
    id: 'due',
    sentence: 'it finds what time alone changes next, the earliest first',
    async check({ store }) {
      assert.equal(await store.actions.nextDue(at), undefined)
      await add(store, [
        sampleAction(0, { id: 'expires', status: 'succeeded', wakeAt: at + 20 }),
        sampleAction(1, { id: 'deadline', wakeAt: at + 10 }),
        sampleAction(2, { id: 'retry', status: 'retrying', dueAt: at + 5 }),
        sampleAction(3, { id: 'done', status: 'succeeded', dueAt: at + 1 }),
      ])
      assert.equal(await store.actions.nextDue(at), at + 5)
      assert.equal(await store.actions.nextDue(at + 5), at + 10)
      const due = async (before: number, limit = 10) =>
        (await store.actions.due(before, limit)).map(({ id }) => id)
      assert.deepEqual(await due(at + 9), [])
      assert.deepEqual(await due(at + 20), ['deadline', 'expires'])
      assert.deepEqual(await due(at + 20, 1), ['deadline'])
      await store.transaction(async (transaction) => {
        const { wakeAt: _, ...rest } = sampleAction(1, { id: 'deadline', status: 'dead', wakeAt: at })
        await transaction.putActions([rest])
      })
      assert.deepEqual(await due(at + 20), ['expires'])
    },
  },
  {
    id: 'open',
    sentence: 'it counts what each target still has to do',
    async check({ store }) {
      await add(store, [
        sampleAction(0, { target: 'sap' }),
        sampleAction(1, { target: 'mes', status: 'retrying' }),
        sampleAction(2, { target: 'mes' }),
        sampleAction(3, { target: 'crm', status: 'dead' }),
      ])
      assert.deepEqual(await store.actions.open(), { mes: 2, sap: 1 })
    },
  },
  {
    id: 'beliefs',
    sentence: 'what is believed of a thing is replaced and removed, by tenant and target',
    async check({ store }) {
      const belief = (tenant: string, held: boolean) => ({
        ...{ target: 'mes', tenant, subject: batch('C-1'), fields: { held }, actionId: 'a', changedAt: at },
      })
      await store.transaction((transaction) =>
        transaction.putBeliefs([belief('north', true), belief('south', true)]),
      )
      await store.transaction(async (transaction) => {
        await transaction.putBeliefs([belief('north', false)])
        assert.deepEqual(await transaction.getBelief('north', 'mes', batch('C-1')), belief('north', false))
        assert.deepEqual(await transaction.getBelief('south', 'mes', batch('C-1')), belief('south', true))
        assert.equal(await transaction.getBelief('north', 'sap', batch('C-1')), undefined)
        assert.equal(
          await transaction.getBelief('north', 'mes', { kind: 'unit', id: 'C-1' }),
          undefined,
          'a unit of the same name is another thing',
        )
        await transaction.removeBeliefs('south', 'mes', [batch('C-1')])
      })
      assert.deepEqual(await store.beliefs.list({ target: 'mes', limit: 9 }), {
        beliefs: [belief('north', false)],
      })
    },
  },
  {
    id: 'beliefs-pages',
    sentence: 'beliefs are read page by page, each once, also those of one tenant',
    async check({ store }) {
      const all = Array.from({ length: 25 }, (_, index) => ({
        ...{ target: 'mes', tenant: index % 2 === 0 ? 'north' : 'south', subject: batch(`C/${index} 号`) },
        ...{ fields: { held: true }, actionId: `a-${index}`, changedAt: at },
      }))
      await store.transaction((transaction) => transaction.putBeliefs(all))
      const read = async (tenant?: string): Promise<readonly string[]> => {
        const found: string[] = []
        for (let after: string | undefined; ; ) {
          const page = await store.beliefs.list({
            ...{ target: 'mes', limit: 4 },
            ...(tenant === undefined ? {} : { tenant }),
            ...(after === undefined ? {} : { after }),
          })
          found.push(...page.beliefs.map(({ actionId }) => actionId))
          after = page.next
          if (after === undefined) return found
        }
      }
      assert.deepEqual([...(await read())].sort(), all.map(({ actionId }) => actionId).sort())
      const north = all.filter(({ tenant }) => tenant === 'north').map(({ actionId }) => actionId)
      assert.deepEqual([...(await read('north'))].sort(), north.sort())
    },
  },
  {
    id: 'audit',
    sentence: 'audit lines form one chain per tenant: each carries its number and the hash of the one before',
    async check({ store }) {
      await store.transaction((transaction) =>
        transaction.appendAudit([event('north', 1), event('south', 2), event('north', 3)]),
      )
      await store.transaction((transaction) => transaction.appendAudit([event('north', 4)]))
      const lines = await store.audit.read('north', 1, 10)
      assert.deepEqual(
        lines.map(({ sequence }) => sequence),
        [1, 2, 3],
      )
      let previous = firstHash
      for (const line of lines) {
        const said = JSON.parse(line.text)
        assert.equal(said.previous, previous)
        assert.equal(said.hash, line.hash)
        assert.equal(said.tenant, 'north')
        previous = line.hash
      }
      assert.deepEqual(
        (await store.audit.heads()).map(({ tenant, sequence }) => [tenant, sequence]),
        [
          ['north', 3],
          ['south', 1],
        ],
      )
      assert.deepEqual(
        (await store.audit.read('north', 2, 1)).map(({ sequence }) => sequence),
        [2],
      )
      assert.deepEqual(await store.audit.read('north', 4, 10), [])
    },
  },
  {
    id: 'audit-rollback',
    sentence: 'a line of a work that is taken back leaves no gap in the chain',
    async check({ store }) {
      const works = [1, 2, 3].map((index) =>
        store.transaction(async (transaction) => {
          await transaction.appendAudit([event('north', index)])
          if (index === 2) throw new RangeError('broken on purpose')
        }),
      )
      await rejection(works[1] ?? Promise.resolve(), 'a work that throws')
      await Promise.allSettled(works)
      const lines = await store.audit.read('north', 1, 10)
      // Works that were asked for at once may come in any order.
      assert.deepEqual(lines.map(({ text }) => JSON.parse(text).data.index).sort(), [1, 3])
      assert.equal(JSON.parse(lines[1]?.text ?? '{}').previous, lines[0]?.hash)
    },
  },
  {
    id: 'audit-reopen',
    sentence: 'a chain goes on where it ended, over a restart',
    async check(given) {
      await given.store.transaction((transaction) => transaction.appendAudit([event('north', 1)]))
      const store = await given.reopen()
      await store.transaction((transaction) => transaction.appendAudit([event('north', 2)]))
      const [first, second] = await store.audit.read('north', 1, 10)
      assert.equal(second?.sequence, 2)
      assert.equal(JSON.parse(second?.text ?? '{}').previous, first?.hash)
    },
  },
  {
    id: 'kept',
    sentence: 'a value that is kept under a name is there, inside the transaction and after a restart',
    async check(given) {
      assert.equal(await given.store.kept('silences'), undefined)
      await given.store.transaction(async (transaction) => {
        await transaction.keep('silences', { list: [] })
        await transaction.keep('silences', { list: [1, '二'] })
        assert.deepEqual(await transaction.kept('silences'), { list: [1, '二'] })
        await transaction.setPosition('silences', { of: 'a source of that name' })
      })
      const store = await given.reopen()
      assert.deepEqual(await store.kept('silences'), { list: [1, '二'] })
    },
  },
]
