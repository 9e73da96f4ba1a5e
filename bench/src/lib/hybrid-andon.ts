import { standardChannels } from '@andon/channels'
import { kafkaBus } from '@andon/connector-kafka'
import { rabbitBus } from '@andon/connector-rabbitmq'
import { type Andon, type AndonOptions, createAndon, hybridBus } from '@andon/core'
import { postgresStore } from '@andon/store-postgres'

/** Where the servers are; `run` begins the names of everything that one run makes. */
export interface HybridAddresses {
  readonly run: string
  readonly broker: string
  readonly rabbitmq: string
  readonly postgres: string
  readonly partitions: number
}

/** A worker over Kafka, RabbitMQ and PostgreSQL with what a user would set, and no more. */
export function hybridAndon(
  { run, broker, rabbitmq, postgres, partitions }: HybridAddresses,
  options: Partial<AndonOptions>,
): Andon {
  return createAndon({
    channels: standardChannels(),
    mode: 'auto',
    customerKey: 'one key for all workers of the bench',
    store: postgresStore({ url: postgres, schema: run }),
    bus: hybridBus({
      stream: kafkaBus({
        brokers: [broker],
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
    ...options,
  })
}

/** Resolves when so much feedback is in the store, analysed, and every action it led to has been carried out. */
export async function drained(andon: Andon, count: number): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    const taken = (await andon.hourly()).reduce((sum, hour) => sum + hour.count, 0)
    if (taken < count) continue
    await andon.settled()
    const { lag, actionsPending } = await andon.health()
    if (lag === 0 && actionsPending === 0) return
  }
}
