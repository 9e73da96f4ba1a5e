import { type Andon, type AndonOptions, createAndon } from '@andon/core'
import type { LoggedMessage, RawPayload, Store } from '@andon/core/connector'
import { type MemoryBroker, memoryBroker, memoryBus, memoryStorage, memoryStore } from '@andon/testkit'
import { onTestFinished } from 'vitest'
import { type LoopOptions, loopOptions } from './loop.js'
import { webPayload } from './payloads.mjs'
import { seeded } from './random.mjs'

/** A rule for each way in which workers have to agree: no memory, groups within a partition and groups across. */
export const workerRules = `
CREATE RULE critical AS
SELECT * FROM feedbacks WHERE severity_score > 8
ESCALATE TO production_team WITH PRIORITY 1;

CREATE RULE compressor_batch AS
SELECT component_batches.compressor AS batch, COUNT(DISTINCT serial_number) AS units
FROM feedbacks WHERE fault_code = 'E-COOL-01'
GROUP BY product_model, component_batches.compressor
WINDOW SLIDING INTERVAL '24 hours'
HAVING COUNT(DISTINCT serial_number) >= 5
ONCE PER INTERVAL '30 days'
THEN material.hold (batch = batch, reason = 'cooling failure on {units} units') ON plant WITH PRIORITY 1;

CREATE RULE regional AS
SELECT region, COUNT(*) AS reports FROM feedbacks
GROUP BY region
WINDOW SLIDING INTERVAL '24 hours'
HAVING COUNT(*) >= 40
ONCE PER INTERVAL '30 days'
THEN quality.notification (title = '{reports} reports from {region}') ON plant;
`

const regions = ['CN-GD', 'CN-ZJ', 'CN-SH', '华南', 'DE-BY', 'US-CA']

/** Complaints about some models, batches and regions, the same for the same seed. */
export function complaints(count: number, seed = 1): readonly RawPayload[] {
  const random = seeded(seed)
  const pick = (below: number): number => Math.floor(random() * below)
  return Array.from({ length: count }, (_, index) =>
    webPayload({
      id: `complaint-${index}`,
      at: Date.UTC(2026, 2, 1, 8) + index,
      model: `KX-${100 + pick(12)}`,
      serial: `SN-${pick(2000)}`,
      compressor: `C-${pick(4)}`,
      fault: pick(3) === 0 ? 'E-COOL-01' : 'E-DOOR-07',
      severity: pick(40) === 0 ? 9 : 5,
      region: regions[pick(regions.length)] ?? 'CN-GD',
    }),
  )
}

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
    await Promise.all(workers.map((worker) => worker.close()))
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
