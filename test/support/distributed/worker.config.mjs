// What `andon worker` runs in the distributed crash test: everything real, its addresses from the environment.
import { env } from 'node:process'
import { standardChannels } from '@andon/channels'
import { kafkaBus, kafkaSource } from '@andon/connector-kafka'
import { rabbitBus } from '@andon/connector-rabbitmq'
import { hybridBus, parseRules } from '@andon/core'
import { postgresStore } from '@andon/store-postgres'
import { plantTarget } from '@andon/testkit'
import { workerRules } from './work.mjs'

/** @type {import('./processes.mjs').WorkerTask} */
const task = JSON.parse(env.ANDON_DISTRIBUTED_TASK ?? '{}')
const { run, brokers, rabbitmq, postgres, plantUrl, partitions } = task

export default {
  channels: standardChannels(),
  rules: parseRules(workerRules),
  mode: 'auto',
  customerKey: 'the same in every worker',
  store: postgresStore({ url: postgres, schema: run, connections: 6 }),
  bus: hybridBus({
    stream: kafkaBus({
      brokers,
      prefix: `${run}.`,
      topics: { 'feedback.*': { partitions }, 'repartition.*': { partitions } },
    }),
    commands: rabbitBus({
      url: rabbitmq,
      prefix: run,
      shards: 1,
      priorities: 3,
      groups: ['andon.actuation'],
      history: false,
    }),
  }),
  sources: { hotline: kafkaSource({ brokers, topic: `${run}.raw`, channel: 'web' }) },
  targets: { plant: plantTarget({ url: plantUrl, timeoutMs: 2000 }) },
  // Tried until it is known: an action may only die of a no.
  limits: { readers: 0, actionTimeoutMs: 3000, maxAttempts: 1000, snapshotEvery: 5000 },
  verification: { settleMs: 90 * 86_400_000 },
}
