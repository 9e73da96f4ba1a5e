import { type Andon, type AndonOptions, createAndon } from '@andon/core'
import type { Store } from '@andon/core/connector'
import { memoryBroker, memoryBus, memoryStorage, memoryStore } from '@andon/testkit'
import { onTestFinished } from 'vitest'
import { type LoopOptions, loopOptions } from './loop.js'

export interface Workers {
  andon(index: number): Andon
  /** As at kill -9: nothing it does from now on reaches bus or store. */
  die(index: number): void
  readonly store: Store
  /** Tries until it holds, or gives up with the last failure. */
  until(holds: (store: Store) => Promise<void>, patienceMs?: number): Promise<void>
}

/** Workers of one stage over the reference bus and store, in one process. */
export async function runWorkers(
  count: number,
  options: LoopOptions & Pick<AndonOptions, 'targets'> = {},
): Promise<Workers> {
  const broker = memoryBroker({ partitions: 8, handoverMs: 200 })
  const storage = memoryStorage()
  const store = memoryStore({ storage })
  await store.open()
  const { clock: _, data: __, ...rest } = loopOptions(options)
  const dead = new Set<number>()
  const buses = Array.from({ length: count }, () => memoryBus({ broker }))
  const workers = buses.map((bus, index) => {
    const fault = (): Error | undefined => (dead.has(index) ? new Error('the process is gone') : undefined)
    return createAndon({ ...rest, bus, store: memoryStore({ storage, fault }) })
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
    store,
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
