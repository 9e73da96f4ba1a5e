import assert from 'node:assert/strict'
import type { Action, Store } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { sampleAction, sampleSignal } from '../sample.js'
import { rejection } from './plugin-cases.js'
import { type StoreCase, twoStores } from './store-given.js'
import { patience, settle, within } from './waiting.js'

export type StoreSharedCaseId =
  | 'claim'
  | 'claim-ends'
  | 'claim-any'
  | 'claim-race'
  | 'claimed'
  | 'claimed-waits'
  | 'on-change'
  | 'shared-serial'
  | 'shared-signal-race'
  | 'shared-action-race'
  | 'shared-leases'

const long = 600_000
const name = 'quality@feedback.appliance/3'

/** Asks again until there is an answer. */
async function eventually<T>(ask: () => Promise<T | undefined>, what: string): Promise<T> {
  const until = performance.now() + patience
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    assert.ok(performance.now() < until, `${what}: not within ${patience} ms`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Runs again what failed and may be run again. */
async function untilDone<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isAndonError(error) || !error.retryable) throw error
    }
  }
}

const raise = (store: Store, id: string): Promise<void> =>
  store.transaction(async (transaction) => {
    const signal = await transaction.getSignal(id)
    await new Promise((resolve) => setImmediate(resolve))
    await transaction.putSignals([sampleSignal(0, { id, firings: (signal?.firings ?? 0) + 1 })])
  })

const lease = (store: Store, owner: string, limit: number): Promise<readonly Action[]> =>
  store.transaction((transaction) => {
    const at = Date.UTC(2030, 0, 1)
    return transaction.leaseActions({ owner, target: 'plant', at, until: at + 1000, limit })
  })

export const storeSharedCases: readonly StoreCase<StoreSharedCaseId>[] = [
  {
    id: 'claim',
    sentence: 'a claim is one owner’s until it is given up, and its epoch grows each time it is given',
    async check(given) {
      const { shared, otherShared } = await twoStores(given, 'claim')
      const free = { name, ttlMs: long, from: 'free' } as const
      const first = await shared.claim({ ...free, owner: 'a' })
      assert.ok(first !== undefined && first.epoch > 0)
      assert.deepEqual(first, { name, owner: 'a', epoch: first.epoch })
      assert.equal(await otherShared.claim({ ...free, owner: 'b' }), undefined)
      assert.ok((await otherShared.claim({ ...free, owner: 'b', name: 'another' })) !== undefined)
      await shared.release(first)
      const second = await otherShared.claim({ ...free, owner: 'b' })
      assert.ok(second !== undefined && second.epoch > first.epoch)
      await shared.release(first)
      assert.equal(await shared.claim({ ...free, owner: 'a' }), undefined, 'what is lost cannot be given up')
      const again = await otherShared.claim({ ...free, owner: 'b' })
      assert.ok(again !== undefined && again.epoch > second.epoch, 'its owner may have it again')
    },
  },
  {
    id: 'claim-ends',
    sentence: 'a claim that is not renewed ends by itself, and a renewed one lasts',
    async check(given) {
      const { shared, otherShared } = await twoStores(given, 'claim-ends')
      const request = { name, ttlMs: 1, from: 'free' } as const
      const short = await shared.claim({ ...request, owner: 'a' })
      assert.ok(short !== undefined)
      const next = await eventually(
        () => otherShared.claim({ ...request, owner: 'b' }),
        'a claim of 1 ms that was not renewed',
      )
      assert.equal(await shared.renew(short, long), false)
      assert.equal(await otherShared.renew(next, long), true)
      assert.equal(await shared.claim({ ...request, owner: 'a' }), undefined)
    },
  },
  {
    id: 'claim-any',
    sentence: 'who takes a claim from any fences the one before: it renews nothing and writes nothing',
    async check(given) {
      const { store, shared, otherShared } = await twoStores(given, 'claim-any')
      const any = { name, ttlMs: long, from: 'any' } as const
      const old = await shared.claim({ ...any, owner: 'a' })
      const taken = await otherShared.claim({ ...any, owner: 'b' })
      assert.ok(old !== undefined && taken !== undefined && taken.epoch > old.epoch)
      assert.equal(await shared.renew(old, long), false)
      await shared.release(old)
      const error = await rejection(
        shared.claimed(old, (transaction) => transaction.setCheckpoint(name, 9)),
        'a transaction of a claim that was lost',
      )
      assert.ok(isAndonError(error, 'CLAIM_LOST'), `not CLAIM_LOST: ${error}`)
      assert.equal(await store.checkpoint(name), 0)
      await otherShared.claimed(taken, (transaction) => transaction.setCheckpoint(name, 4))
      assert.equal(await store.checkpoint(name), 4)
    },
  },
  {
    id: 'claim-race',
    sentence: 'of those who ask for a free claim at once one gets it',
    async check(given) {
      const { shared, otherShared } = await twoStores(given, 'claim-race')
      const asked = Array.from({ length: 12 }, (_, index) =>
        (index % 2 === 0 ? shared : otherShared).claim({
          ...{ name, owner: `worker-${index}`, ttlMs: long, from: 'free' },
        }),
      )
      const claims = await Promise.all(asked)
      assert.equal(claims.filter((claim) => claim !== undefined).length, 1)
    },
  },
  {
    id: 'claimed',
    sentence: 'a transaction under a claim is a transaction: whole or not at all',
    async check(given) {
      const { store, shared } = await twoStores(given, 'claimed')
      const claim = await shared.claim({ name, owner: 'a', ttlMs: long, from: 'free' })
      assert.ok(claim !== undefined)
      const added = await shared.claimed(claim, async (transaction) => {
        await transaction.setCheckpoint(name, 3)
        return transaction.addActions([sampleAction(0)])
      })
      assert.deepEqual(added, ['action-0'])
      const error = await rejection(
        shared.claimed(claim, async (transaction) => {
          await transaction.setCheckpoint(name, 8)
          throw new RangeError('broken on purpose')
        }),
        'a work that throws',
      )
      assert.match(String(error instanceof Error ? `${error.message} ${error.cause}` : error), /on purpose/)
      assert.equal(await store.checkpoint(name), 3)
      await shared.release(claim)
      const late = await rejection(
        shared.claimed(claim, async () => undefined),
        'a claim given up',
      )
      assert.ok(isAndonError(late, 'CLAIM_LOST'), `not CLAIM_LOST: ${late}`)
      const stubborn = await rejection(
        shared.claimed(claim, async (transaction) => {
          await transaction.addActions([sampleAction(1)]).catch(() => undefined)
          await transaction.setCheckpoint(name, 9).catch(() => undefined)
        }),
        'a work that goes on without its claim',
      )
      assert.ok(isAndonError(stubborn, 'CLAIM_LOST'), `not CLAIM_LOST: ${stubborn}`)
      assert.equal(await store.checkpoint(name), 3)
      assert.equal(await store.actions.get('action-1'), undefined)
    },
  },
  {
    id: 'claimed-waits',
    sentence: 'who takes a claim waits for the transaction that runs under it',
    async check(given) {
      const { shared, other, otherShared } = await twoStores(given, 'claimed-waits')
      const claim = await shared.claim({ name, owner: 'a', ttlMs: long, from: 'free' })
      assert.ok(claim !== undefined)
      let open = (): void => undefined
      const gate = new Promise<void>((resolve) => {
        open = resolve
      })
      let begun = (): void => undefined
      const running = new Promise<void>((resolve) => {
        begun = resolve
      })
      const work = shared.claimed(claim, async (transaction) => {
        await transaction.setCheckpoint(name, 5)
        begun()
        await gate
      })
      await within(running, patience, 'the work under the claim')
      let isTaken = false
      const taken = otherShared.claim({ name, owner: 'b', ttlMs: long, from: 'any' }).then(async (next) => {
        isTaken = true
        return { next, checkpoint: await other.checkpoint(name) }
      })
      await settle()
      await new Promise((resolve) => setTimeout(resolve, 30))
      assert.equal(isTaken, false, 'it was taken in the middle of a transaction')
      open()
      await within(work, patience, 'the transaction that was not disturbed')
      const { next, checkpoint } = await within(taken, patience, 'the claim')
      assert.ok(next !== undefined && next.epoch > claim.epoch)
      assert.equal(checkpoint, 5)
    },
  },
  {
    id: 'on-change',
    sentence: 'other processes are told soon that actions or signals changed, until they no longer listen',
    async check(given) {
      const { store, otherShared } = await twoStores(given, 'on-change')
      const told: string[] = []
      const end = otherShared.onChange((changed) => told.push(changed))
      const waitFor = (changed: string, write: () => Promise<unknown>): Promise<true> =>
        // Wake-ups may be missed, for instance while a listener is still on its way: not again and again.
        eventually(async () => {
          await write()
          await new Promise((resolve) => setTimeout(resolve, 20))
          return told.includes(changed) ? true : undefined
        }, `news of ${changed}`)
      let made = 0
      await waitFor('actions', () =>
        store.transaction((transaction) => transaction.addActions([sampleAction(made++)])),
      )
      await waitFor('signals', () =>
        store.transaction((transaction) => transaction.putSignals([sampleSignal(0)])),
      )
      end()
      end()
      told.length = 0
      await store.transaction((transaction) => transaction.addActions([sampleAction(made++)]))
      await new Promise((resolve) => setTimeout(resolve, 50))
      assert.deepEqual(told, [])
    },
  },
  {
    id: 'shared-serial',
    sentence: 'transactions of several processes are serialised: none overwrites what another did',
    async check(given) {
      const { store, other } = await twoStores(given, 'shared-serial')
      await store.transaction((transaction) => transaction.putSignals([sampleSignal(0)]))
      const works = Array.from({ length: 20 }, (_, index) =>
        raise(index % 2 === 0 ? store : other, 'signal-0'),
      )
      await within(Promise.all(works), patience, '20 transactions')
      assert.equal((await store.signals.get('signal-0'))?.firings, 21)
    },
  },
  {
    id: 'shared-signal-race',
    sentence:
      'of a finding that several processes make at once one signal comes to be, and all of them find it',
    async check(given) {
      const { store, other } = await twoStores(given, 'shared-signal-race')
      const { fingerprint } = sampleSignal(0)
      const works = Array.from({ length: 10 }, (_, index) =>
        (index % 2 === 0 ? store : other).transaction(async (transaction) => {
          const [found] = await transaction.findSignals([fingerprint])
          await new Promise((resolve) => setImmediate(resolve))
          const signal = found ?? sampleSignal(0, { id: `signal-of-${index}`, firings: 0 })
          await transaction.putSignals([{ ...signal, firings: signal.firings + 1 }])
        }),
      )
      await within(Promise.all(works), patience, '10 transactions')
      const signals = await store.signals.list()
      assert.deepEqual(
        signals.map(({ firings }) => firings),
        [10],
      )
    },
  },
  {
    id: 'shared-action-race',
    sentence:
      'an action that several processes add at once is added by one of them; who fails can run it again',
    async check(given) {
      const { store, other } = await twoStores(given, 'shared-action-race')
      const { id } = sampleAction(0)
      const works = Array.from({ length: 12 }, (_, index) =>
        untilDone(() =>
          (index % 2 === 0 ? store : other).transaction(async (transaction) => {
            if (index % 3 === 0) return transaction.addActions([sampleAction(0)])
            const free = await transaction.absentActions([id])
            await new Promise((resolve) => setImmediate(resolve))
            return free.length === 0 ? [] : transaction.addActions([sampleAction(0)])
          }),
        ),
      )
      const added = await within(Promise.all(works), patience, '12 transactions')
      assert.deepEqual(added.flat(), [id])
    },
  },
  {
    id: 'shared-leases',
    sentence: 'workers of several processes that lease at once never get the same action',
    async check(given) {
      const { store, other } = await twoStores(given, 'shared-leases')
      const actions = Array.from({ length: 60 }, (_, index) => sampleAction(index))
      await store.transaction((transaction) => transaction.addActions(actions))
      const leased = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          lease(index % 2 === 0 ? store : other, `worker-${index}`, 10),
        ),
      )
      const ids = leased.flat().map(({ id }) => id)
      assert.equal(new Set(ids).size, ids.length, 'an action was leased twice')
      const rest = await lease(store, 'the last', 100)
      assert.equal(ids.length + rest.length, 60)
    },
  },
]
