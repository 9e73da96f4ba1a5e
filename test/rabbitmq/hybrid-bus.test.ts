import { hybridBus } from '@andon/core'
import { isPartitioned } from '@andon/core/connector'
import type { BusGiven } from '@andon/testkit'
import { busContract } from '@andon/testkit/vitest'
import { describe, expect, it } from 'vitest'
import { busesOn, countingLogger } from '../../packages/connector-kafka/test/support/broker.js'
import { busGiven } from '../../packages/connector-rabbitmq/test/support/given.js'
import { describeWith, servers } from '../support/servers.js'

const { kafka, rabbitmq } = servers
const both = kafka === undefined || rabbitmq === undefined ? undefined : { kafka, rabbitmq }

describeWith('Kafka and RabbitMQ as one bus', both, (addresses) => {
  function given(prefix: string): BusGiven {
    const logger = countingLogger()
    const buses = busesOn(addresses.kafka.brokers)
    const rabbit = busGiven(addresses.rabbitmq.url)
    const small = { batchSize: 20, batchBytes: 2_000, partitionBytes: 2_048, logger }
    let topics = 0
    const isCommand = prefix === 'actions.'
    return {
      bus: hybridBus({ stream: buses.open(small), commands: rabbit.bus }),
      async topic() {
        topics += 1
        return `${prefix}${topics}`
      },
      restart: async () => hybridBus({ stream: buses.open(small), commands: await rabbit.restart() }),
      readAhead: {
        limit: isCommand ? (rabbit.readAhead?.limit ?? 0) : 300,
        pulled: async (topic, group) =>
          isCommand
            ? ((await rabbit.readAhead?.pulled(topic, group)) ?? 0)
            : logger.fetched(buses.prefix + topic),
      },
      badOptions: [
        {
          option: 'hybridBus.name',
          create: () => hybridBus({ name: '', stream: buses.open(), commands: rabbit.bus }),
        },
      ],
      ...(rabbit.failure === undefined ? {} : { failure: rabbit.failure }),
      async dispose() {
        await buses.close()
        await rabbit.dispose?.()
      },
    }
  }

  describe('feedback, which Kafka carries', () => busContract(() => given('feedback.')))
  describe('actions, which RabbitMQ carries', () => busContract(() => given('actions.')))

  it('has the partitions of Kafka, and is well when both are', async () => {
    const { bus, dispose } = given('feedback.')
    expect(isPartitioned(bus)).toBe(true)
    expect(await bus.check?.()).toMatchObject({ ok: true })
    await dispose?.()
  })
})
