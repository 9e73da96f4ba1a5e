import type { SharedStore } from '@andon/core/connector'
import { type MemoryStorage, memoryStorage, memoryStore, virtualClock } from '@andon/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { Duties } from '../../../src/engine/worker/duties.js'

const clock = virtualClock()

/** A worker's duties over a store that several share, and what it was told of them. */
async function worker(
  storage: MemoryStorage,
  owner: string,
  ask: (shared: SharedStore) => Partial<SharedStore> = () => ({}),
) {
  const state = { down: false }
  const fault = (): Error | undefined => (state.down ? new Error('no answer') : undefined)
  const store = memoryStore({ storage, clock, fault })
  await store.open()
  const { shared } = store
  if (shared === undefined) throw new TypeError('the reference store is shared')
  const events: string[] = []
  const duties = new Duties({
    shared: { ...shared, ...ask(shared) },
    clock,
    elapsed: () => clock.now(),
    owner,
    names: ['verification', 'actuation/plant'],
    gained: (name) => events.push(`+ ${name}`),
    lost: (name) => events.push(`- ${name}`),
    failed: () => events.push('failed'),
  })
  onTestFinished(() => duties.release().catch(() => undefined))
  return { duties, events, state }
}

it("are one worker's, and another gets them when they are released", async () => {
  const storage = memoryStorage()
  const one = await worker(storage, 'one')
  const other = await worker(storage, 'other')
  await one.duties.start()
  await other.duties.start()
  expect(one.duties.held).toEqual(['verification', 'actuation/plant'])
  await clock.advance(60_000)
  expect(other.events).toEqual([])
  await one.duties.release()
  expect(one.duties.held).toEqual([])
  await clock.advance(3000)
  expect(other.duties.held).toEqual(['verification', 'actuation/plant'])
})

it('of a worker that is silent are taken over, and it has given them up before', async () => {
  const storage = memoryStorage()
  const one = await worker(storage, 'one')
  const other = await worker(storage, 'other')
  await one.duties.start()
  await other.duties.start()
  one.state.down = true
  let both = 0
  for (let waited = 0; waited < 20_000; waited += 100) {
    await clock.advance(100)
    if (one.duties.has('verification') && other.duties.has('verification')) both++
  }
  expect(both).toBe(0)
  expect(one.events).toContain('- verification')
  expect(other.duties.held).toEqual(['verification', 'actuation/plant'])
  one.state.down = false
  await clock.advance(10_000)
  expect(one.duties.held).toEqual([])
})

it('are given up in time even if the store never answers', async () => {
  const storage = memoryStorage()
  let hangs = false
  const answer = Promise.withResolvers<boolean>()
  const one = await worker(storage, 'one', (shared) => ({
    renew: (claim, ttlMs) => (hangs ? answer.promise : shared.renew(claim, ttlMs)),
  }))
  const other = await worker(storage, 'other')
  await one.duties.start()
  await other.duties.start()
  hangs = true
  for (let waited = 0; waited < 30_000; waited += 100) {
    await clock.advance(100)
    expect(one.duties.has('verification') && other.duties.has('verification')).toBe(false)
  }
  expect(one.events.filter((event) => event === '- verification')).toHaveLength(1)
  expect(other.duties.has('verification')).toBe(true)
  // It comes at last, and is worth nothing.
  answer.resolve(true)
  await clock.advance(1)
  expect(one.duties.has('verification')).toBe(false)
})

it('are kept while their worker stops, and no new ones are taken', async () => {
  const storage = memoryStorage()
  const one = await worker(storage, 'one')
  const other = await worker(storage, 'other')
  await one.duties.start()
  one.duties.stop()
  await other.duties.start()
  other.duties.stop()
  await clock.advance(60_000)
  expect(one.duties.held).toHaveLength(2)
  await one.duties.release()
  await clock.advance(60_000)
  expect(other.duties.held).toEqual([])
})

it('that the store gave to another meanwhile are lost at once', async () => {
  const storage = memoryStorage()
  const one = await worker(storage, 'one')
  await one.duties.start()
  const thief = memoryStore({ storage, clock })
  await thief.open()
  await thief.shared?.claim({ name: 'duty/verification', owner: 'thief', ttlMs: 60_000, from: 'any' })
  await clock.advance(3000)
  expect(one.duties.held).toEqual(['actuation/plant'])
})

it('whose claim was answered too late are given back', async () => {
  const storage = memoryStorage()
  const one = await worker(storage, 'one', (shared) => ({
    async claim(request) {
      const claim = await shared.claim(request)
      await new Promise<void>((resolve) => clock.setTimer(20_000, resolve))
      return claim
    },
  }))
  const starting = one.duties.start()
  await clock.advance(20_000)
  await starting
  expect(one.events).toEqual([])
  expect(storage.claims.get('duty/verification')?.owner).toBeUndefined()
})
