import { expect, it } from 'vitest'
import { runOrder } from '../support/distributed/order.mjs'
import { runDistributed } from '../support/distributed/run.mjs'
import { describeWith, servers } from '../support/servers.js'

const all = servers.kafka && servers.rabbitmq && servers.postgres

// Both start servers of their own: these are killed. The long versions: npm run soak -- distributed, npm run soak -- order.
describeWith('workers over Kafka, RabbitMQ and PostgreSQL', all, () => {
  it('a worker, a broker of each kind and the database are killed, and the result is that of one undisturbed process', async () => {
    const { output, ...run } = await runDistributed({ seed: 11, feedback: 3000, kills: 4, everyMs: 2500 })
    expect(run, output).toMatchObject({
      differences: [],
      killed: { worker: 1, kafka: 1, rabbitmq: 1, postgres: 1 },
    })
  }, 300_000)

  it('feedback of one key keeps its order while partitions go from worker to worker', async () => {
    const run = await runOrder({ seed: 12, feedback: 10_000, everyMs: 1500 })
    expect(run).toMatchObject({ stored: 10_000, broken: [] })
    expect(run.rebalances).toBeGreaterThan(0)
  }, 300_000)
})
