import { kafkaSink, kafkaSource } from '@andon/connector-kafka'
import type { Sink, Source } from '@andon/core/connector'
import { sampleEvent } from '@andon/testkit'
import { sinkContract, sourceContract } from '@andon/testkit/vitest'
import { describeWith, servers } from '../../../../test/support/servers.js'
import { busesOn, countingLogger, eventually, message, readAll } from '../support/broker.js'

const secret = 'a-secret-of-the-tests'
const unreachable = {
  brokers: ['127.0.0.1:1'],
  sasl: { mechanism: 'scram-sha-256', username: 'andon', password: () => secret },
} as const

describeWith('Kafka as source and sink', servers.kafka, ({ brokers }) => {
  sourceContract(async () => {
    const logger = countingLogger()
    const buses = busesOn(brokers)
    const bus = buses.open({ batchBytes: 2_000 })
    await bus.prepare([{ topic: 'raw', partitions: 1 }])
    const topic = `${buses.prefix}raw`
    const opened: (Source & { close(): Promise<void> })[] = []
    const open = (more = {}) => {
      const source = kafkaSource({
        brokers,
        topic,
        group: `${buses.prefix}group`,
        batchSize: 20,
        partitionBytes: 2_048,
        sessionTimeoutMs: 6_000,
        ...more,
      })
      opened.push(source)
      return source
    }
    let made = 0
    return {
      source: open({ logger }),
      async offer(count) {
        const marks = Array.from({ length: count }, () => {
          made += 1
          return `payload ${made}`
        })
        await bus.publish(
          'raw',
          marks.map((mark) => message(mark)),
        )
        return marks
      },
      markOf: ({ body }) => (body instanceof Uint8Array ? Buffer.from(body).toString() : String(body)),
      restart: async () => open(),
      readAhead: { limit: 100, pulled: () => logger.fetched(topic) },
      badOptions: [
        { option: 'kafkaSource.topic', create: () => kafkaSource({ brokers, topic: 'a b' }) },
        { option: 'kafkaSource.batchSize', create: () => kafkaSource({ brokers, topic, batchSize: 0 }) },
      ],
      failure: {
        secret,
        async provoke() {
          // A broker that is gone is waited for; one that takes no login refuses.
          const source = kafkaSource({ ...unreachable, brokers, topic })
          try {
            for await (const batch of source.receive({ signal: new AbortController().signal })) {
              await batch.commit()
            }
          } finally {
            await source.close()
          }
        },
      },
      async dispose() {
        await Promise.all(opened.map((source) => source.close()))
        await buses.close()
      },
    }
  })

  sinkContract(async () => {
    const buses = busesOn(brokers)
    const topic = `${buses.prefix}events`
    const opened: (Sink & { close(): Promise<void> })[] = []
    const open = () => {
      const sink = kafkaSink({ brokers, topic, create: { partitions: 3 } })
      opened.push(sink)
      return sink
    }
    const bus = buses.open()
    await bus.prepare([{ topic: 'events', partitions: 3 }])
    const received: unknown[] = []
    const reading = readAll(bus, 'events', 'readers', async (partition) => {
      for await (const batch of partition.read({ from: 0, signal: reading.signal })) {
        for (const { body } of batch) received.push(JSON.parse(Buffer.from(body).toString()))
      }
    })
    return {
      sink: open(),
      async received(count) {
        await eventually(() => received.length >= count, `${count} events`)
        return received
      },
      restart: async () => open(),
      patienceMs: 20_000,
      badOptions: [
        { option: 'kafkaSink.topic', create: () => kafkaSink({ brokers, topic: '' }) },
        {
          option: 'kafkaSink.create.partitions',
          create: () => kafkaSink({ brokers, create: { partitions: 0 } }),
        },
      ],
      failure: {
        secret,
        async provoke() {
          const sink = kafkaSink({ ...unreachable, deliveryTimeoutMs: 200 })
          try {
            await sink.publish([sampleEvent(0)])
          } finally {
            await sink.close()
          }
        },
      },
      async dispose() {
        await reading.stop()
        await Promise.all(opened.map((sink) => sink.close()))
        await buses.close()
      },
    }
  })
})
