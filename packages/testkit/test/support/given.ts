import { systemClock as clock, type RawPayload, type Store, silentLogger } from '@andon/core/connector'
import {
  type BusGiven,
  type MemoryTargetFailure,
  memoryBroker,
  memoryBus,
  memorySink,
  memorySource,
  memoryStorage,
  memoryStore,
  memorySystem,
  memoryTarget,
  type PartitionedBusGiven,
  type SinkGiven,
  type SourceGiven,
  type StoreGiven,
  sampleAction,
  sampleEvent,
  sampleQuote,
  type TargetGiven,
} from '@andon/testkit'
import { many, paramsOf } from './action-params.js'

const broken = (): Error => new Error('the layer below broke')

export async function memoryStoreGiven(): Promise<StoreGiven> {
  const storage = memoryStorage()
  const open = async (): Promise<Store> => {
    const store = memoryStore({ storage })
    await store.open()
    return store
  }
  const store = await open()
  return {
    store,
    async reopen() {
      await store.close()
      return open()
    },
    crash: open,
    another: open,
    badOptions: [{ option: 'name', create: () => memoryStore({ name: '' }) }],
    failure: {
      async provoke() {
        const failing = memoryStore({ fault: broken })
        await failing.open()
        await failing.journal.appendTick(1)
      },
    },
  }
}

export function memoryBusGiven(): BusGiven {
  const broker = memoryBroker()
  let topics = 0
  return {
    bus: memoryBus({ broker, batchSize: 7 }),
    async topic() {
      topics += 1
      return `topic-${topics}`
    },
    restart: async () => memoryBus({ broker, batchSize: 3 }),
    readAhead: { limit: 0, pulled: (topic, group) => broker.claimed(topic, group) },
    badOptions: [
      { option: 'batchSize', create: () => memoryBus({ batchSize: 0 }) },
      { option: 'name', create: () => memoryBus({ name: '' }) },
    ],
    failure: { provoke: () => memoryBus({ fault: broken }).publish('topic', []) },
  }
}

export function memoryPartitionsGiven(): PartitionedBusGiven {
  const broker = memoryBroker({ handoverMs: 100 })
  let topics = 0
  return {
    bus: memoryBus({ broker, batchSize: 7 }),
    topic() {
      topics += 1
      return `topic-${topics}`
    },
    restart: async () => memoryBus({ broker, batchSize: 3 }),
    async member(topic, group) {
      const bus = memoryBus({ broker })
      let held = 0
      const run = async (): Promise<void> => {
        const options = { topics: [topic], group, signal: new AbortController().signal }
        for await (const { lost } of bus.partitions(options)) if (!lost.aborted) held += 1
      }
      void run()
      return { held: () => held, kill: async () => bus.die() }
    },
    committed: async (topic, partition, group) => broker.noted(topic, partition, group),
    readAhead: { limit: 0, pulled: (topic, partition) => broker.pulled(topic, partition) },
  }
}

export function memorySourceGiven(): SourceGiven {
  const batches: RawPayload[][] = []
  const source = memorySource([], { endless: true })
  let made = 0
  return {
    source,
    async offer(count) {
      const marks = Array.from({ length: count }, () => {
        made += 1
        return `payload ${made}`
      })
      // Batches of two, so that a batch is not the whole of what was offered.
      for (let first = 0; first < count; first += 2) {
        const batch = marks.slice(first, first + 2).map((body) => ({ body }))
        batches.push(batch)
        source.push(batch)
      }
      return marks
    },
    markOf: ({ body }) => String(body),
    restart: async () => memorySource(batches, { endless: true }),
    readAhead: { limit: 0, pulled: () => source.pulled() },
    badOptions: [{ option: 'name', create: () => memorySource([], { name: '' }) }],
    failure: {
      async provoke() {
        const failing = memorySource([[{ body: 'x' }]], { fault: broken })
        for await (const batch of failing.receive({ signal: new AbortController().signal }))
          await batch.commit()
      },
    },
  }
}

export function memorySinkGiven(): SinkGiven {
  const log: string[] = []
  const sink = memorySink({ log })
  return {
    sink,
    received: async () => sink.events(),
    restart: async () => memorySink({ log }),
    badOptions: [{ option: 'name', create: () => memorySink({ name: '' }) }],
    failure: { provoke: () => memorySink({ fault: broken }).publish([sampleEvent(0)]) },
  }
}

export function memoryTargetGiven(): TargetGiven {
  const system = memorySystem({
    subjects: many((index) => ({ subject: { kind: 'batch', id: `R-${index}` }, fields: { held: true } })),
    units: [
      { serial: 'U-1', componentBatches: { compressor: 'C-1' } },
      { serial: 'U-2', componentBatches: { compressor: 'C-2' } },
      { serial: 'U-3', batch: 'F-1', componentBatches: { compressor: 'C-1' } },
    ],
  })
  const make = () => memoryTarget({ system, timeoutMs: 50 })
  const target = make()
  const refused = sampleAction(0, { id: 'refused' })
  let made = 0
  return {
    target,
    action(kind) {
      made += 1
      return sampleAction(made, {
        kind,
        params: paramsOf(kind, made),
        quotes: [sampleQuote(1), sampleQuote(2)],
      })
    },
    effects: (id) => (system.effects.has(id) ? 1 : 0),
    reversals: (id) => (system.effects.get(id)?.reverted === undefined ? 0 : 1),
    kept: (id) => JSON.stringify(system.effects.get(id)),
    inject: (fault: MemoryTargetFailure) => target.failNext(fault),
    traceable: () => ({ batch: 'C-1', serials: ['U-1', 'U-3'] }),
    refused() {
      target.failNext('refuse')
      return refused
    },
    restart: async () => make(),
    badOptions: [
      { option: 'timeoutMs', create: () => memoryTarget({ timeoutMs: 0 }) },
      { option: 'handles', create: () => memoryTarget({ handles: [] }) },
      { option: 'state', create: () => memoryTarget({ system, state: {} }) },
    ],
    failure: {
      async provoke() {
        const failing = make()
        failing.failNext('unavailable')
        const { signal } = new AbortController()
        await failing.execute(sampleAction(1), { attempt: 1, signal, clock, logger: silentLogger })
      },
    },
  }
}
