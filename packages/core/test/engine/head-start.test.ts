import type { Action, Store, StoreTransaction, Target } from '@andon/core/connector'
import { type MemoryTarget, memoryStore, memoryTarget, sampleAction, virtualClock } from '@andon/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { kindTable } from '../../src/action/kinds/kinds.js'
import { silentLogger } from '../../src/connector/logger.js'
import { Actuation, type ActuationOptions, type Delivery } from '../../src/engine/actuation/actuation.js'
import type { HeadStart } from '../../src/engine/actuation/head-start.js'

const start = Date.parse('2026-03-02T08:00:00Z')

const hold = (index: number, batch: string, more: Partial<Action> = {}): Action =>
  sampleAction(index, {
    ...{ kind: 'material.hold', target: 'mes', status: 'approved', dueAt: start, createdAt: start },
    params: { batch, reason: 'grave report' },
    ...more,
  })

async function given(delivery: Partial<Delivery> = {}, more: Partial<ActuationOptions> = {}) {
  const store = memoryStore()
  await store.open()
  const clock = virtualClock(start)
  const target = memoryTarget({ name: 'mes' })
  const actuation = new Actuation({
    ...{ store, clock, logger: silentLogger, kinds: kindTable() },
    targets: { mes: target },
    deliveryOf: () => ({ concurrency: 4, timeoutMs: 10_000, maxAttempts: 5, ...delivery }),
    follow: async () => undefined,
    changed: () => undefined,
    failed: (error) => {
      throw error
    },
    ...more,
  })
  await actuation.recover()
  const headStarts: HeadStart[] = []
  onTestFinished(async () => {
    // Places that a test has left would be waited for.
    for (const headStart of headStarts) headStart.cancel()
    await actuation.stop(0)
  })
  return { store, clock, target, actuation, headStarts }
}

/** Proposes them in one transaction, in which they may begin. */
async function propose(
  { store, actuation, headStarts }: { store: Store; actuation: Actuation; headStarts: HeadStart[] },
  ...actions: Action[]
) {
  const headStart = actuation.headStart()
  headStarts.push(headStart)
  const waiting = await store.transaction((transaction) => add(transaction, headStart, actions))
  return { headStart, waiting }
}

/** As analysis does it; resolves to the ids of those that wait. */
async function add(transaction: StoreTransaction, headStart: HeadStart, actions: readonly Action[]) {
  const free = new Set(await transaction.absentActions(actions.map(({ id }) => id)))
  const started = await headStart.enter(
    transaction,
    actions.filter(({ id }) => free.has(id)),
  )
  await transaction.addActions(started.actions)
  await transaction.appendAudit(started.audit)
  return started.waiting.map(({ id }) => id)
}

const statusOf = async (store: Store, { id }: Action) => (await store.actions.get(id))?.status

const effectsOn = (target: MemoryTarget | Target): number =>
  'effects' in target ? target.effects().length : 0

it('an action that may run begins in the transaction that proposes it, and its target is asked when that is durable', async () => {
  const loop = await given()
  const action = hold(1, 'C-1')
  const { headStart, waiting } = await propose(loop, action)
  expect(waiting).toEqual([])
  expect(await loop.store.actions.get(action.id)).toMatchObject({
    ...{ status: 'executing', attempts: 1 },
    lease: { until: start + 40_000 },
  })
  expect(effectsOn(loop.target)).toBe(0)
  headStart.go()
  await loop.actuation.settle()
  expect(await statusOf(loop.store, action)).toBe('succeeded')
  expect(effectsOn(loop.target)).toBe(1)
})

it('one that is not durable after all leaves no trace: its place and its locks are free', async () => {
  const loop = await given({ concurrency: 1 })
  const [lost, again] = [hold(1, 'C-1'), hold(2, 'C-1')]
  const headStart = loop.actuation.headStart()
  await expect(
    loop.store.transaction(async (transaction) => {
      expect(await add(transaction, headStart, [lost])).toEqual([])
      throw new Error('the store is gone')
    }),
  ).rejects.toThrow('the store is gone')
  headStart.cancel()
  await loop.actuation.settle()
  expect(effectsOn(loop.target)).toBe(0)
  const second = await propose(loop, again)
  expect(second.waiting).toEqual([])
  second.headStart.go()
  await loop.actuation.settle()
  expect(await statusOf(loop.store, again)).toBe('succeeded')
})

it('the most urgent begin, as many as the target takes at once; the others wait in the outbox', async () => {
  const loop = await given({ concurrency: 2 })
  const actions = [3, 1, 2].map((priority) => hold(priority, `C-${priority}`, { priority }))
  const { headStart, waiting } = await propose(loop, ...actions)
  expect(waiting).toEqual([hold(3, 'C-3').id])
  headStart.go()
  loop.actuation.enqueue(actions)
  await loop.actuation.settle()
  expect(effectsOn(loop.target)).toBe(3)
})

it('of two on the same thing one begins', async () => {
  const loop = await given()
  const { waiting } = await propose(loop, hold(1, 'C-1'), hold(2, 'C-1'))
  expect(waiting).toEqual([hold(2, 'C-1').id])
})

it('nothing overtakes what waits already', async () => {
  const loop = await given({ concurrency: 1 })
  const first = await propose(loop, hold(1, 'C-1'))
  const waits = hold(2, 'C-2')
  await loop.store.transaction(async (transaction) => void (await transaction.addActions([waits])))
  loop.actuation.enqueue([waits])
  const { waiting } = await propose(loop, hold(3, 'C-3'))
  expect(waiting).toEqual([hold(3, 'C-3').id])
  first.headStart.go()
  loop.actuation.enqueue([hold(3, 'C-3')])
  await loop.actuation.settle()
  expect(effectsOn(loop.target)).toBe(3)
})

it.each([
  ['within its grace time', hold(1, 'C-1', { dueAt: start + 1 })],
  ['that a person has to sign', hold(1, 'C-1', { status: 'awaiting-approval' })],
  ['for a target of another process', hold(1, 'C-1', { target: 'elsewhere' })],
])('one %s waits', async (_, action) => {
  const loop = await given({}, { isOurs: (target) => target === 'mes' })
  await loop.actuation.take('mes')
  const { waiting } = await propose(loop, action)
  expect(waiting).toEqual([action.id])
})

it('a target that is asked how its machine stands is asked before anything is decided', async () => {
  const target: Target = {
    ...memoryTarget({ name: 'mes' }),
    handles: ['parameter.adjust'],
    observe: async (subjects) => subjects.map((subject) => ({ subject, found: false, fields: {} })),
  }
  const loop = await given({}, { targets: { mes: target } })
  const action = hold(1, '', {
    kind: 'parameter.adjust',
    params: {
      ...{
        equipment: 'IM-04',
        parameter: 'temperature',
        to: 58,
        unit: 'Cel',
        low: 50,
        high: 70,
        max_step: 3,
      },
      reason: 'grinding doors',
    },
  })
  expect((await propose(loop, action)).waiting).toEqual([action.id])
})

it('one that is turned away makes room for those who came meanwhile', async () => {
  const loop = await given({ concurrency: 1 })
  const late = hold(1, 'C-1', { deadlineAt: start - 1 })
  const waits = hold(2, 'C-2')
  const { headStart } = await propose(loop, late)
  await loop.store.transaction(async (transaction) => void (await transaction.addActions([waits])))
  loop.actuation.enqueue([waits])
  await loop.clock.advance(0)
  headStart.go()
  await loop.actuation.settle()
  expect(await statusOf(loop.store, late)).toBe('dead')
  expect(await statusOf(loop.store, waits)).toBe('succeeded')
})

it('the same action in two transactions has one place', async () => {
  const loop = await given({ concurrency: 2 })
  const action = hold(1, 'C-1')
  const lost = loop.actuation.headStart()
  const failing = loop.store.transaction(async (transaction) => {
    await add(transaction, lost, [action])
    throw new Error('the store is gone')
  })
  await expect(failing).rejects.toThrow()
  // It is proposed again before the first has heard that it failed.
  const again = await propose(loop, action)
  expect(again.waiting).toEqual([action.id])
  lost.cancel()
  again.headStart.go()
  loop.actuation.enqueue([action])
  await loop.actuation.settle()
  expect(await statusOf(loop.store, action)).toBe('succeeded')
  expect(effectsOn(loop.target)).toBe(1)
})

it('one whose commit was made, and told as failed, is carried out when its lease is over', async () => {
  const loop = await given()
  const action = hold(1, 'C-1')
  const { headStart } = await propose(loop, action)
  headStart.cancel()
  await loop.actuation.settle()
  expect(effectsOn(loop.target)).toBe(0)
  await loop.clock.advance(41_000)
  await loop.actuation.settle()
  expect(await statusOf(loop.store, action)).toBe('succeeded')
  expect(effectsOn(loop.target)).toBe(1)
})

it('one whose process was killed at once is carried out by the next when its lease is over', async () => {
  const dead = await given()
  const action = hold(1, 'C-1')
  // Other processes may live: the store does not end the leases of one that comes.
  const store: Store = { ...dead.store, capabilities: { ...dead.store.capabilities, distributed: true } }
  await propose(dead, action)
  const target = memoryTarget({ name: 'mes' })
  const next = await given({}, { store, clock: dead.clock, targets: { mes: target } })
  await dead.clock.advance(39_000)
  await next.actuation.settle()
  expect(effectsOn(target)).toBe(0)
  await dead.clock.advance(2_000)
  await next.actuation.settle()
  expect(await statusOf(store, action)).toBe('succeeded')
  expect(effectsOn(target)).toBe(1)
})

it('what begins later than it was given its place counts for the rate when it begins', async () => {
  const loop = await given({ perSecond: 2, concurrency: 10 })
  const first = await propose(loop, hold(1, 'C-1'), hold(2, 'C-2'))
  expect((await propose(loop, hold(5, 'C-5'))).waiting).toEqual([hold(5, 'C-5').id])
  await loop.clock.advance(1_000)
  first.headStart.go()
  await loop.clock.advance(30)
  expect((await propose(loop, hold(3, 'C-3'))).waiting).toEqual([hold(3, 'C-3').id])
  await loop.actuation.settle()
})

it('no more begin within a second than the target takes', async () => {
  const loop = await given({ perSecond: 1 })
  const { headStart, waiting } = await propose(loop, hold(1, 'C-1'), hold(2, 'C-2'))
  expect(waiting).toEqual([hold(2, 'C-2').id])
  headStart.go()
  loop.actuation.enqueue([hold(2, 'C-2')])
  await loop.actuation.settle()
  expect(effectsOn(loop.target)).toBe(1)
  await loop.clock.advance(1_100)
  await loop.actuation.settle()
  expect(effectsOn(loop.target)).toBe(2)
})
