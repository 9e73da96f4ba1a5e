import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { standardChannels } from '@andon/channels'
import { kafkaBus } from '@andon/connector-kafka'
import { createAndon, parseRules } from '@andon/core'
import { postgresStore } from '@andon/store-postgres'
import { plantTarget, startPlant } from '@andon/testkit'
import { services } from '../../../scripts/lib/services.mjs'
import { seeded } from '../random.mjs'
import { supervised } from './processes.mjs'
import { differences, resultOf } from './result.mjs'
import { complaints, modelOf, plantBatches, workerRules } from './work.mjs'

/**
 * @typedef {object} DistributedOptions
 * @property {number} seed
 * @property {number} feedback how much of it
 * @property {number} kills of workers, brokers and the database, in turn at random
 * @property {number} [workers] default 3
 * @property {number} [partitions] of the stream; default 8
 * @property {number} [everyMs] between two kills; default 4,000
 * @property {number} [patienceMs] from the last kill until the results must be equal; default 180,000
 * @property {(line: string) => void} [say]
 *
 * @typedef {object} DistributedRun
 * @property {number} seed
 * @property {readonly string[]} differences none: all is well
 * @property {Record<string, number>} killed how often each
 * @property {number} signals
 * @property {number} actions
 * @property {number} effects
 * @property {number} seconds from the first message to equal results
 * @property {string} output of the workers, where something is wrong
 */

const batch = 500
const variety = { models: 200, compressors: 10 }
const customerKey = 'the same in every worker'

/**
 * Real Kafka, RabbitMQ and PostgreSQL of its own and real workers, all of them killed (SIGKILL) again and again while
 * feedback streams in; what comes of it is compared with one undisturbed process on the embedded store.
 *
 * @param {DistributedOptions} options
 * @returns {Promise<DistributedRun>}
 */
export async function runDistributed(options) {
  const { seed, feedback, kills, workers = 3, partitions = 8, everyMs = 4000, patienceMs = 180_000 } = options
  const { say = () => undefined } = options
  const folder = mkdtempSync(join(tmpdir(), 'andon-distributed-'))
  const set = services({ folder: join(folder, 'services'), environment: {} })
  const plant = await startPlant({ batches: plantBatches(variety) })
  /** @type {ReturnType<typeof supervised>[]} */
  let team = []
  try {
    say('one undisturbed process')
    const wanted = await undisturbed(folder, seed, feedback)
    say(`${wanted.signals.length} signals, ${wanted.actions.length} actions; starting servers`)
    const { kafka, rabbitmq, postgres } = await set.up()
    if (kafka === undefined || rabbitmq === undefined || postgres === undefined)
      throw new Error('not all servers are up')
    const run = `run${seed}`
    const task = {
      ...{ run, partitions, brokers: [...kafka.brokers], plantUrl: plant.url },
      ...{ rabbitmq: rabbitmq.url, postgres: postgres.url },
    }
    team = Array.from({ length: workers }, (_, index) => supervised(task, `worker ${index + 1}`))
    const begun = performance.now()
    const killed = { worker: 0, kafka: 0, rabbitmq: 0, postgres: 0 }
    const random = seeded(seed)
    const disturb = async () => {
      for (let kill = 0; kill < kills; kill++) {
        await wait(everyMs * (0.5 + random()))
        // One of each first, so that none is left out.
        const what = /** @type {keyof typeof killed} */ (
          kill < 4 ? ['worker', 'kafka', 'rabbitmq', 'postgres'][kill] : pickOf(random)
        )
        killed[what] += 1
        say(`kill ${kill + 1}/${kills}: ${what}`)
        if (what === 'worker') team[Math.floor(random() * team.length)]?.kill()
        else {
          await set.kill(what, 'SIGKILL')
          await wait(random() * 2000)
          await set.up([what])
        }
      }
    }
    const paceMs = (kills * everyMs) / Math.ceil(feedback / batch)
    await Promise.all([disturb(), feed(task, seed, feedback, paceMs)])
    say('all is sent and killed')
    const { got, found } = await becomesEqual(task, plant, wanted, patienceMs, say)
    const seconds = Math.round((performance.now() - begun) / 1000)
    return {
      ...{ seed, differences: found, killed, seconds },
      ...{ signals: got.signals.length, actions: got.actions.length, effects: got.effects.length },
      output: found.length === 0 ? '' : team.map(({ name, output }) => `== ${name}\n${output}`).join('\n'),
    }
  } finally {
    await Promise.all(team.map((worker) => worker.stop(10_000)))
    await set.down(undefined, { purge: true })
    await plant.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const wait = (/** @type {number} */ milliseconds) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Workers die as often as the three servers together. @param {() => number} random */
function pickOf(random) {
  const of = random()
  if (of < 0.5) return 'worker'
  return of < 0.67 ? 'kafka' : of < 0.84 ? 'rabbitmq' : 'postgres'
}

/** @param {string} folder @param {number} seed @param {number} feedback */
async function undisturbed(folder, seed, feedback) {
  const plant = await startPlant({ batches: plantBatches(variety) })
  const andon = createAndon({
    channels: standardChannels(),
    rules: parseRules(workerRules),
    targets: { plant: plantTarget({ url: plant.url }) },
    ...{ mode: 'auto', customerKey, data: join(folder, 'alone') },
    verification: { settleMs: 90 * 86_400_000 },
  })
  try {
    await andon.start()
    for (let from = 0; from < feedback; from += batch) {
      await andon.ingest(complaints(from, Math.min(feedback, from + batch), { ...variety, seed }))
    }
    await andon.settled()
    return await resultOf(andon, plant)
  } finally {
    await andon.close()
    await plant.close()
  }
}

/**
 * Sends what customers say to the topic that the workers' source reads. Whoever sends must be sure of it: a batch whose
 * fate is unknown is sent again.
 *
 * @param {import('./processes.mjs').WorkerTask} task
 * @param {number} seed
 * @param {number} feedback
 * @param {number} paceMs between two batches
 */
async function feed({ run, brokers }, seed, feedback, paceMs) {
  const bus = kafkaBus({ brokers, prefix: `${run}.`, topics: { raw: { partitions: 4 } } })
  try {
    for (let from = 0; from < feedback; from += batch) {
      const payloads = complaints(from, Math.min(feedback, from + batch), { ...variety, seed })
      // As the platform would: what is said of one model keeps its order, or the results could not be compared.
      const messages = payloads.map((payload, index) => ({
        ...{ id: `raw-${from + index}`, key: modelOf(payload), body: Buffer.from(payload.body) },
      }))
      for (let sent = false; !sent; ) {
        sent = await bus.publish('raw', messages).then(
          () => true,
          () => wait(200).then(() => false),
        )
      }
      await wait(paceMs)
    }
  } finally {
    await bus.close?.()
  }
}

/**
 * @param {import('./processes.mjs').WorkerTask} task
 * @param {import('@andon/testkit').Plant} plant
 * @param {import('./result.mjs').Result} wanted
 * @param {number} patienceMs
 * @param {(line: string) => void} say
 */
async function becomesEqual({ run, postgres }, plant, wanted, patienceMs, say) {
  const store = postgresStore({ url: postgres, schema: run, connections: 2 })
  await store.open()
  try {
    for (const end = performance.now() + patienceMs; ; ) {
      const got = await resultOf(store, plant)
      const found = differences(wanted, got)
      if (found.length === 0 || performance.now() > end) return { got, found }
      say(`${found.length} differences yet, e.g. ${found[0]}`)
      await wait(2000)
    }
  } finally {
    await store.close()
  }
}
