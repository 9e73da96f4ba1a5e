import type { Message, Partition, SharedStore, Store } from '@andon/core/connector'
import {
  memoryBroker,
  memoryBus,
  memoryStorage,
  memoryStore,
  sampleEntry,
  sampleStart,
  type VirtualClock,
  virtualClock,
} from '@andon/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { kindTable } from '../../../src/action/kinds/kinds.js'
import { HeadStart } from '../../../src/engine/actuation/head-start.js'
import { pause } from '../../../src/engine/pause.js'
import { PartitionLane } from '../../../src/engine/worker/partition-lane.js'
import { feedbackMessage } from '../../../src/engine/worker/stream-message.js'
import { parseRules } from '../../../src/rule/index.js'

/** It fires when time alone has passed. */
const lasting = `CREATE RULE lasting AS SELECT product_model AS model, COUNT(*) AS reports FROM feedbacks
GROUP BY product_model WINDOW SLIDING INTERVAL '1 hour' HAVING COUNT(*) >= 2 FOR INTERVAL '6 seconds'
ESCALATE TO quality;`

interface Floor {
  readonly clock: VirtualClock
  readonly store: Store
  readonly shared: SharedStore
  /** Puts feedback on the one partition. */
  publish(...indices: readonly number[]): Promise<void>
  lane(owner: string, change?: (partition: Partition) => Partition, at?: VirtualClock): Promise<Running>
}

interface Running {
  readonly lane: PartitionLane
  readonly partition: Partition
  readonly stop: AbortController
  readonly ended: Promise<void>
  readonly errors: string[]
}

/** One partition of one topic, and a store that lanes share. */
async function floor(): Promise<Floor> {
  const clock = virtualClock(sampleStart)
  const broker = memoryBroker({ partitions: 1, clock, handoverMs: 0 })
  const store = memoryStore({ storage: memoryStorage(), clock })
  await store.open()
  const { shared } = store
  if (shared === undefined) throw new TypeError('the reference store is shared')
  const publishing = memoryBus({ broker })
  return {
    ...{ clock, store, shared },
    publish: (...indices) =>
      publishing.publish(
        'feedback.appliance',
        indices.map((index): Message => feedbackMessage(sampleEntry(index), clock.now(), 'key')),
      ),
    async lane(owner, change = (partition) => partition, at = clock) {
      const stop = new AbortController()
      const bus = memoryBus({ broker })
      onTestFinished(() => stop.abort())
      const given = await bus
        .partitions({ topics: ['feedback.appliance'], group: owner, signal: stop.signal })
        [Symbol.asyncIterator]()
        .next()
      if (given.done === true) throw new TypeError('there is a partition')
      const partition = change(given.value)
      const errors: string[] = []
      const lane = new PartitionLane({
        ...{ bus, routes: [] },
        ...{ store, shared, partition, owner, clock: at, stage: 'quality', tenant: 'default' },
        ...{ rules: parseRules(lasting), detectors: [], maxGroups: 100, maxEntriesPerGroup: 100 },
        snapshotEvery: 1000,
        propose: {
          ...{ kinds: kindTable([]), targets: {} },
          policy: () => ({ status: 'awaiting-approval', note: { en: 'asks', zh: '询问' } }),
          phases: { phaseOf: () => undefined, load: async () => undefined },
          verification: { settleMs: 0, windowMs: 1, minimumEffect: 0 },
        },
        silences: { covers: () => false, load: async () => undefined },
        headStart: () =>
          new HeadStart({ clock: at, kinds: new Map(), laneOf: () => undefined, unsure: () => undefined }),
        effects: () => undefined,
        failed: ({ code }) => errors.push(code),
        worked: () => undefined,
        warn: () => undefined,
        pause: () => pause(clock, 250, stop.signal),
        went: () => undefined,
        stop: stop.signal,
      })
      const ended = lane.run().catch((error: unknown) => void errors.push(String(error)))
      await clock.advance(0)
      return { lane, partition, stop, ended, errors }
    },
  }
}

const firings = async ({ store }: Floor): Promise<readonly number[]> =>
  (await store.signals.list()).map(({ firings: count }) => count)

it('time alone makes a rule fire: a tick goes through the partition', async () => {
  const here = await floor()
  const { lane } = await here.lane('one')
  await here.publish(1, 2)
  await here.clock.advance(5000)
  await lane.tick()
  await here.clock.advance(0)
  expect(await firings(here)).toEqual([])
  await here.clock.advance(2000)
  await lane.tick()
  await here.clock.advance(0)
  expect(await firings(here)).toEqual([1])
})

it('a tick that could not be written is written again', async () => {
  const here = await floor()
  let fails = true
  const { lane } = await here.lane('one', (partition) => ({
    ...partition,
    append: (messages) =>
      fails ? Promise.reject(new Error('the broker is down')) : partition.append(messages),
  }))
  await here.publish(1, 2)
  await here.clock.advance(7000)
  await expect(lane.tick()).rejects.toThrow('the broker is down')
  fails = false
  await lane.tick()
  await here.clock.advance(0)
  expect(await firings(here)).toEqual([1])
})

it('one tick is enough while it is on its way', async () => {
  const here = await floor()
  const written: number[] = []
  const { lane } = await here.lane('one', (partition) => ({
    ...partition,
    append: async (messages) => void written.push(messages.length),
  }))
  await here.publish(1, 2)
  await here.clock.advance(7000)
  for (let times = 0; times < 10; times++) await lane.tick()
  expect(written).toEqual([1])
  // It never comes back: another goes after it.
  await here.clock.advance(31_000)
  await lane.tick()
  expect(written).toEqual([1, 1])
})

it('who is fenced writes nothing more, and its successor finds what it left', async () => {
  const here = await floor()
  const stale = await here.lane('stale')
  await here.publish(1)
  await here.clock.advance(0)
  // Nobody tells the first one that another has the partition.
  const fresh = await here.lane('fresh')
  await here.publish(2)
  await here.clock.advance(7000)
  await stale.lane.tick()
  await here.clock.advance(1000)
  await fresh.lane.tick()
  await here.clock.advance(1000)
  expect(await firings(here)).toEqual([1])
  await stale.ended
  expect(stale.errors).toEqual([])
  fresh.stop.abort()
  await fresh.ended
  const { offset } = await here.shared.lane(fresh.lane.name).last()
  expect((await here.store.snapshot(`analysis/quality@${fresh.lane.name}`))?.offset).toBe(offset)
})

it('a claim that comes when the partition is lost already does nothing and is given back', async () => {
  const here = await floor()
  const lost = new AbortController()
  lost.abort()
  const late = await here.lane('late', (partition) => ({ ...partition, lost: lost.signal }))
  await late.ended
  const claim = { name: `analysis/quality@${late.lane.name}`, owner: 'other', ttlMs: 1000 }
  expect(await here.shared.claim({ ...claim, from: 'free' })).toBeDefined()
  expect(await here.store.checkpoint(claim.name)).toBe(0)
})

it('a state that is not whole is never saved: recovery that fails leaves the checkpoint where it was', async () => {
  const here = await floor()
  const first = await here.lane('first')
  await here.publish(1, 2)
  await here.clock.advance(7000)
  await first.lane.tick()
  await here.clock.advance(0)
  first.stop.abort()
  await first.ended
  const stage = `analysis/quality@${first.lane.name}`
  // As after a crash: the snapshot is older than the checkpoint, and the replay between them fails.
  const checkpoint = await here.store.checkpoint(stage)
  const state = { rules: { version: 1, now: 0, rules: {} }, detectors: {} }
  await here.store.transaction(async (transaction) => {
    await transaction.putSnapshot(stage, { offset: 0, state })
  })
  const { lane } = here.shared
  here.shared.lane = (name, options) => ({
    ...lane(name, options),
    read: () => Promise.reject(new Error('the disk is gone')),
  })
  const second = await here.lane('second')
  await second.ended
  here.shared.lane = lane
  expect(second.errors).toHaveLength(1)
  expect(await here.store.checkpoint(stage)).toBe(checkpoint)
  expect((await here.store.snapshot(stage))?.offset).toBe(0)
})

it('what asks a lane before its state is there does not set it going', async () => {
  const here = await floor()
  const first = await here.lane('first')
  await here.publish(1, 2)
  await here.clock.advance(1000)
  first.stop.abort()
  await first.ended
  const gate = Promise.withResolvers<void>()
  const { snapshot } = here.store
  here.store.snapshot = async (stage) => {
    await gate.promise
    return snapshot(stage)
  }
  const second = await here.lane('second')
  second.lane.save()
  expect(await second.lane.counted()).toBe(true)
  await second.lane.tick()
  await second.lane.settle()
  gate.resolve()
  await here.clock.advance(7000)
  await second.lane.tick()
  await here.clock.advance(0)
  expect(await firings(here)).toEqual([1])
})

it('a clock that is behind does not stop the time of a partition it takes over', async () => {
  const here = await floor()
  const first = await here.lane('first')
  await here.clock.advance(60_000)
  await here.publish(1, 2)
  await here.clock.advance(0)
  first.stop.abort()
  await first.ended
  const behind = virtualClock(sampleStart)
  const second = await here.lane('second', undefined, behind)
  // Its time goes on from what was written down, at half the pace of its clock.
  await behind.advance(14_000)
  await second.lane.tick()
  await here.clock.advance(0)
  expect(await firings(here)).toEqual([1])
})
