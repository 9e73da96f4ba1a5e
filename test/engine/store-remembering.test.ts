import { join } from 'node:path'
import { sqliteStore } from '@andon/core'
import type { Action, Store } from '@andon/core/connector'
import { sampleAction, sampleSignal } from '@andon/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dataFolder } from '../support/loop.js'

async function openStore(): Promise<Store> {
  const store = sqliteStore({ path: join(dataFolder(), 'andon.db') })
  onTestFinished(() => store.close())
  await store.open()
  return store
}

const at = Date.UTC(2030, 0, 1)
const request = { owner: 'a', target: 'plant', at, until: at + 1000, limit: 10 }
const approved = (index: number, change: Partial<Action> = {}): Action =>
  sampleAction(index, { status: 'approved', dueAt: at - 1, ...change })

describe('What the embedded store remembers', () => {
  it('is forgotten when the work that wrote it is taken back', async () => {
    const store = await openStore()
    const signal = sampleSignal(1)
    await store.transaction((transaction) => transaction.putSignals([signal]))
    const spoilt = store.transaction(async (transaction) => {
      await transaction.putSignals([{ ...signal, firings: 99 }])
      expect((await transaction.getSignal(signal.id))?.firings).toBe(99)
      throw new Error('taken back')
    })
    await expect(spoilt).rejects.toThrow('taken back')
    await store.transaction(async (transaction) => {
      expect(await transaction.getSignal(signal.id)).toEqual(signal)
      expect(await transaction.findSignals([signal.fingerprint])).toEqual([signal])
    })
  })

  it('is what stands on disk: a signal read by id and by fingerprint is the one that was put last', async () => {
    const store = await openStore()
    const signal = sampleSignal(1)
    for (const firings of [1, 2, 3]) {
      await store.transaction((transaction) => transaction.putSignals([{ ...signal, firings }]))
      expect(await store.signals.get(signal.id)).toEqual({ ...signal, firings })
      await store.transaction(async (transaction) => {
        expect(await transaction.findSignals([signal.fingerprint])).toEqual([{ ...signal, firings }])
      })
    }
  })

  it('cannot be changed by whoever was given it', async () => {
    const store = await openStore()
    const signal = sampleSignal(1)
    await store.transaction((transaction) => transaction.putSignals([signal]))
    const known = await store.transaction((transaction) => transaction.getSignal(signal.id))
    expect(Object.isFrozen(known)).toBe(true)
    expect(Object.isFrozen(known?.quotes)).toBe(true)
    expect(Object.isFrozen(known?.title)).toBe(true)
  })

  it('does not keep a lease whose work was taken back', async () => {
    const store = await openStore()
    await store.transaction((transaction) => transaction.addActions([approved(1)]))
    const spoilt = store.transaction(async (transaction) => {
      await transaction.leaseActions(request)
      throw new Error('taken back')
    })
    await expect(spoilt).rejects.toThrow('taken back')
    const leased = await store.transaction((transaction) =>
      transaction.leaseActions({ ...request, owner: 'b' }),
    )
    expect(leased.map(({ id }) => id)).toEqual(['action-1'])
  })

  it('shows a lease within the work that took it, and after it', async () => {
    const store = await openStore()
    await store.transaction((transaction) => transaction.addActions([approved(1), approved(2)]))
    const lease = { owner: 'a', until: at + 1000 }
    await store.transaction(async (transaction) => {
      await transaction.leaseActions({ ...request, limit: 1 })
      expect((await transaction.getAction('action-1'))?.lease).toEqual(lease)
      expect(await transaction.leaseActions({ ...request, owner: 'b' })).toMatchObject([{ id: 'action-2' }])
    })
    expect((await store.actions.get('action-1'))?.lease).toEqual(lease)
  })

  it('writes all of an action, whatever of it has changed', async () => {
    const store = await openStore()
    await store.transaction((transaction) => transaction.addActions([approved(1)]))
    const [leased] = await store.transaction((transaction) => transaction.leaseActions(request))
    if (leased === undefined) throw new Error('nothing was leased')
    const { wakeAt: _, ...rest } = leased
    const changes: Action[] = [
      { ...rest, status: 'executing', attempts: 1, updatedAt: at + 1 },
      { ...rest, status: 'executing', attempts: 1, dueAt: at + 7, priority: 1, wakeAt: at + 9 },
      { ...rest, status: 'retrying', attempts: 1, note: { en: 'down', zh: '停机' }, dueAt: at + 8 },
      { ...rest, status: 'succeeded', attempts: 2, receipt: { reference: 'HOLD-1' } },
    ]
    for (const action of changes) {
      await store.transaction((transaction) => transaction.putActions([action]))
      expect(await store.actions.get(action.id)).toEqual(action)
    }
    expect(await store.actions.open()).toEqual({})
  })
})
