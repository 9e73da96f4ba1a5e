import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { standardChannels } from '@andon/channels'
import { kafkaBus } from '@andon/connector-kafka'
import { createAndon } from '@andon/core'
import { postgresStore } from '@andon/store-postgres'
import { startPlant } from '@andon/testkit'
import { services } from '../../../scripts/lib/services.mjs'
import { seeded } from '../random.mjs'
import { supervised } from './processes.mjs'
import { complaints } from './work.mjs'

/**
 * @typedef {object} OrderOptions
 * @property {number} seed
 * @property {number} feedback how much of it
 * @property {number} [partitions] default 8
 * @property {number} [models] keys are models; default 500
 * @property {number} [everyMs] between two rebalances; default 5,000
 * @property {(line: string) => void} [say]
 *
 * @typedef {object} OrderRun
 * @property {number} seed
 * @property {number} stored entries of the lanes, ticks left out
 * @property {number} keys
 * @property {readonly string[]} broken the first places where a key's order breaks, or something is missing
 * @property {number} rebalances workers that were killed or restarted
 * @property {number} seconds
 */

const batch = 500
const customerKey = 'the same in every worker'

/**
 * One process takes feedback in, in the order of its keys; three workers share the partitions and are killed or restarted
 * all the while. In the end each lane has each key's feedback in the order it came in, every one once.
 *
 * @param {OrderOptions} options
 * @returns {Promise<OrderRun>}
 */
export async function runOrder(options) {
  const { seed, feedback, partitions = 8, models = 500, everyMs = 5000, say = () => undefined } = options
  const folder = mkdtempSync(join(tmpdir(), 'andon-order-'))
  const set = services({ folder: join(folder, 'services'), environment: {} })
  const plant = await startPlant()
  /** @type {ReturnType<typeof supervised>[]} */
  let team = []
  try {
    const { kafka, rabbitmq, postgres } = await set.up()
    if (kafka === undefined || rabbitmq === undefined || postgres === undefined)
      throw new Error('not all servers are up')
    const run = `order${seed}`
    const task = {
      ...{ run, partitions, brokers: [...kafka.brokers], plantUrl: plant.url },
      ...{ rabbitmq: rabbitmq.url, postgres: postgres.url },
    }
    const raw = kafkaBus({ brokers: task.brokers, prefix: `${run}.`, topics: { raw: { partitions: 1 } } })
    await raw.prepare([{ topic: 'raw', partitions: 1 }])
    await raw.close?.()
    team = Array.from({ length: 3 }, (_, index) => supervised(task, `worker ${index + 1}`))
    const random = seeded(seed)
    const begun = performance.now()
    let rebalances = 0
    let isDone = false
    const disturb = async () => {
      while (!isDone) {
        await wait(everyMs * (0.5 + random()))
        const worker = team[Math.floor(random() * team.length)]
        if (random() < 0.5) worker?.kill()
        else worker?.restart()
        rebalances += 1
      }
    }
    const disturbing = disturb()
    const store = postgresStore({ url: postgres.url, schema: run, connections: 4 })
    const intake = createAndon({
      channels: standardChannels(),
      // A stage of its own, without rules: it writes the lanes too, beside the workers.
      ...{ stage: 'rnd', customerKey, store },
      bus: kafkaBus({ brokers: task.brokers, prefix: `${run}.`, topics: { 'feedback.*': { partitions } } }),
    })
    await intake.start()
    for (let from = 0; from < feedback; from += batch) {
      await intake.ingest(complaints(from, Math.min(feedback, from + batch), { seed, models }))
      if ((from / batch) % 100 === 0) say(`${from} taken in, ${rebalances} rebalances`)
    }
    const stored = async () => (await intake.hourly()).reduce((sum, { count }) => sum + count, 0)
    for (let waited = 0; waited < 600 && (await stored()) < feedback; waited++) await wait(500)
    isDone = true
    await disturbing
    say('reading the lanes')
    const found = await read(store, partitions, seed, feedback)
    const seconds = Math.round((performance.now() - begun) / 1000)
    await intake.close()
    return { seed, ...found, rebalances, seconds }
  } finally {
    await Promise.all(team.map((worker) => worker.stop(10_000)))
    await set.down(undefined, { purge: true })
    await plant.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const wait = (/** @type {number} */ milliseconds) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

/**
 * @param {import('@andon/core/connector').Store} store
 * @param {number} partitions
 * @param {number} seed
 * @param {number} feedback
 */
async function read({ shared }, partitions, seed, feedback) {
  if (shared === undefined) throw new Error('the store is not shared')
  /** @type {Map<string, number>} the last number of each key */
  const last = new Map()
  const seen = new Uint8Array(feedback)
  /** @type {string[]} */
  const broken = []
  let stored = 0
  for (let partition = 0; partition < partitions; partition++) {
    const lane = shared.lane(`feedback.appliance/${partition}`)
    for (let from = 1; ; ) {
      const entries = await lane.read(from, 1000)
      const end = entries.at(-1)
      if (end === undefined) break
      for (const entry of entries) {
        if (entry.kind === 'tick') continue
        stored += 1
        const { productModel = '', sourceMessageId } = entry.feedback
        const number = Number(sourceMessageId.slice(`complaint-${seed}-`.length))
        const before = last.get(productModel) ?? -1
        if (number <= before) broken.push(`lane ${partition}, ${productModel}: ${number} behind ${before}`)
        last.set(productModel, number)
        seen[number] = (seen[number] ?? 0) + 1
      }
      from = end.offset + 1
    }
  }
  const missing = seen.filter((count) => count === 0).length
  const twice = seen.filter((count) => count > 1).length
  if (missing > 0) broken.push(`${missing} are missing`)
  if (twice > 0) broken.push(`${twice} are there more than once`)
  return { stored, keys: last.size, broken: broken.slice(0, 20) }
}
