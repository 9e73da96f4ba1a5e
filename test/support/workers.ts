import { type Andon, type AndonOptions, createAndon } from '@andon/core'
import type { LoggedMessage, Store } from '@andon/core/connector'
import { type MemoryBroker, memoryBroker, memoryBus, memoryStorage, memoryStore } from '@andon/testkit'
import { onTestFinished } from 'vitest'
import { type LoopOptions, loopOptions } from './loop.js'

export interface Workers {
  andon(index: number): Andon
  readonly broker: MemoryBroker
  /** The partitions of which something is in the store, e.g. `feedback.appliance/3`. */
  lanes(): readonly string[]
  /** What the partition of a lane holds. */
  read(lane: string): readonly LoggedMessage[]
  /** As at kill -9: nothing it does from now on reaches bus or store. */
  die(index: number): void
  readonly store: Store
  /** Tries until it holds, or gives up with the last failure. */
  until(holds: (store: Store) => Promise<void>, patienceMs?: number): Promise<void>
}

/** Workers of one stage over the reference bus and store, in one process; by the system's clock if no other is given. */
export async function runWorkers(
  count: number,
  options: LoopOptions & Pick<AndonOptions, 'targets'> = {},
  optionsOf: (index: number) => Partial<AndonOptions> = () => ({}),
): Promise<Workers> {
  const timed = options.clock === undefined ? {} : { clock: options.clock }
  const broker = memoryBroker({ partitions: 8, handoverMs: 200, ...timed })
  const storage = memoryStorage()
  const store = memoryStore({ storage, ...timed })
  await store.open()
  const { clock: _, data: __, ...rest } = loopOptions(options)
  const dead = new Set<number>()
  const buses = Array.from({ length: count }, () => memoryBus({ broker }))
  const workers = buses.map((bus, index) => {
    const fault = (): Error | undefined => (dead.has(index) ? new Error('the process is gone') : undefined)
    return createAndon({
      ...{ ...rest, ...timed, ...optionsOf(index) },
      ...{ bus, store: memoryStore({ storage, fault, ...timed }) },
    })
  })
  onTestFinished(async () => {
    // Who is dead cannot leave anything behind, and would try for long.
    await Promise.all(workers.filter((_, index) => !dead.has(index)).map((worker) => worker.close()))
    await store.close()
  })
  await Promise.all(workers.map((worker) => worker.start()))
  return {
    andon(index) {
      const worker = workers[index]
      if (worker === undefined) throw new RangeError(`there is no worker ${index}`)
      return worker
    },
    die(index) {
      dead.add(index)
      buses[index]?.die()
    },
    ...{ store, broker },
    lanes: () => [...storage.lanes].flatMap(([name, { entries }]) => (entries.length === 0 ? [] : [name])),
    read(lane) {
      const [topic = '', number] = lane.split('/')
      return broker.read(topic, Number(number), 0, 1_000_000)
    },
    async until(holds, patienceMs = 20_000) {
      const end = Date.now() + patienceMs
      for (;;) {
        try {
          await holds(store)
          return
        } catch (error) {
          if (Date.now() > end) throw error
          await new Promise((resolve) => setTimeout(resolve, 50))
        }
      }
    },
  }
}
