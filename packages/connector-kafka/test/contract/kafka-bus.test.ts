import { kafkaBus } from '@andon/connector-kafka'
import type { BusGiven } from '@andon/testkit'
import { busContract, partitionedBusContract } from '@andon/testkit/vitest'
import { brokers, openBus, ownPrefix } from '../support/broker.js'
import { startMember } from '../support/member.js'

const secret = 'a-secret-of-the-tests'

function given(): BusGiven {
  const prefix = ownPrefix()
  const open = () => openBus({ prefix, batchSize: 20, partitionBytes: 8_192 })
  const bus = open()
  let topics = 0
  return {
    bus,
    async topic() {
      topics += 1
      return `topic-${topics}`
    },
    restart: async () => open(),
    badOptions: [
      { option: 'brokers', create: () => kafkaBus({ brokers: [] }) },
      { option: 'compression', create: () => kafkaBus({ brokers: ['a:1'], compression: 'rar' as 'none' }) },
      {
        option: 'sasl.password',
        create: () =>
          kafkaBus({ brokers: ['a:1'], sasl: { mechanism: 'plain', username: 'me', password: '' } }),
      },
    ],
    failure: {
      secret,
      async provoke() {
        const failing = kafkaBus({
          brokers: ['127.0.0.1:1'],
          sasl: { mechanism: 'plain', username: 'andon', password: secret },
          deliveryTimeoutMs: 200,
        })
        try {
          await failing.publish('topic', [{ id: '1', key: '1', body: new Uint8Array() }])
        } finally {
          await failing.close()
        }
      },
    },
    dispose: () => bus.close?.(),
  }
}

busContract(given, {
  backpressure: 'the broker does not tell what it has sent; the suite of partitions counts it',
})

partitionedBusContract(
  () => {
    const prefix = ownPrefix()
    const open = () => openBus({ prefix, batchSize: 20, partitionBytes: 8_192 })
    const bus = open()
    let topics = 0
    return {
      bus,
      topic() {
        topics += 1
        return `topic-${topics}`
      },
      restart: async () => open(),
      member: (topic, group) => startMember({ brokers: brokers ?? [], prefix, topic, group }),
      async committed(topic, partition, group) {
        const lags = await bus.lag(group)
        return lags.find((lag) => lag.topic === topic && lag.partition === partition)?.committed
      },
      patienceMs: 15_000,
      handoverMs: 15_000,
      dispose: () => bus.close(),
    }
  },
  { 'read-backpressure': 'todo' },
)
