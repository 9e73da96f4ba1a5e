import { kafkaBus } from '@andon/connector-kafka'
import { busContract, partitionedBusContract } from '@andon/testkit/vitest'
import { describeWith, servers } from '../../../../test/support/servers.js'
import { busesOn, countingLogger } from '../support/broker.js'
import { startMember } from '../support/member.js'

const secret = 'a-secret-of-the-tests'

describeWith('Kafka as a bus', servers.kafka, ({ brokers }) => {
  busContract(() => {
    const logger = countingLogger()
    const buses = busesOn(brokers)
    const small = { batchSize: 20, batchBytes: 2_000, partitionBytes: 2_048 }
    let topics = 0
    return {
      bus: buses.open({ ...small, logger }),
      async topic() {
        topics += 1
        return `topic-${topics}`
      },
      restart: async () => buses.open(small),
      readAhead: { limit: 300, pulled: (topic) => logger.fetched(buses.prefix + topic) },
      badOptions: [
        { option: 'kafkaBus.brokers', create: () => kafkaBus({ brokers: [] }) },
        { option: 'kafkaBus.brokers.0', create: () => kafkaBus({ brokers: ['kafka'] }) },
        { option: 'kafkaBus.batchSize', create: () => kafkaBus({ brokers, batchSize: 0 }) },
        {
          option: 'kafkaBus.sasl.password',
          create: () => kafkaBus({ brokers, sasl: { mechanism: 'plain', username: 'andon', password: '' } }),
        },
        { option: 'kafkaBus.handoverMs', create: () => kafkaBus({ brokers, handoverMs: 10_000 }) },
        {
          option: 'kafkaBus.topics.feedback*x',
          create: () => kafkaBus({ brokers, topics: { 'feedback*x': {} } }),
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
      dispose: () => buses.close(),
    }
  })

  partitionedBusContract(() => {
    const logger = countingLogger()
    const buses = busesOn(brokers)
    const small = { batchSize: 20, batchBytes: 2_000, partitionBytes: 2_048 }
    const bus = buses.open({ ...small, logger })
    let topics = 0
    return {
      bus,
      topic() {
        topics += 1
        return `topic-${topics}`
      },
      restart: async () => buses.open(small),
      member: (topic, group) => startMember({ brokers, prefix: buses.prefix, topic, group }),
      async committed(topic, partition, group) {
        const lags = await bus.lag(group)
        return lags.find((lag) => lag.topic === topic && lag.partition === partition)?.committed
      },
      readAhead: {
        limit: 100,
        pulled: (topic, partition) => logger.fetched(buses.prefix + topic, partition),
      },
      patienceMs: 15_000,
      handoverMs: 15_000,
      dispose: () => buses.close(),
    }
  })
})
