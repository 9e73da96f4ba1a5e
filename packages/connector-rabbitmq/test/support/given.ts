import { randomUUID } from 'node:crypto'
import {
  type RabbitBus,
  type RabbitBusOptions,
  type RabbitSinkOptions,
  type RabbitSourceOptions,
  rabbitBus,
  rabbitSink,
  rabbitSource,
} from '@andon/connector-rabbitmq'
import { type BusGiven, type SinkGiven, type SourceGiven, sampleEvent } from '@andon/testkit'
import { type Channel, connect } from 'amqplib'

/** Options that meet nobody else's queues. */
export const ownOptions = (
  url: string | readonly string[],
  more: Partial<RabbitBusOptions> = {},
): RabbitBusOptions => ({
  url,
  prefix: `test-${randomUUID().slice(0, 8)}`,
  shards: 2,
  retryDelaysMs: [200],
  rebalanceMs: 100,
  // No broker dies here.
  creationPauseMs: 0,
  ...more,
})

/** Takes the first message of a queue and shows its headers. */
export async function headersOf(
  channel: Channel,
  queue: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const message = await channel.get(queue, { noAck: true })
  return message === false ? undefined : message.properties.headers
}

/** How many messages wait in queues, as the broker says; a queue that is not there has none. */
export async function messagesIn(url: string, ...queues: readonly string[]): Promise<number> {
  const model = await connect(url)
  let sum = 0
  for (const queue of queues) {
    const channel = await model.createChannel()
    channel.on('error', () => undefined)
    sum += await channel.checkQueue(queue).then(
      ({ messageCount }) => messageCount,
      () => 0,
    )
  }
  await model.close()
  return sum
}

export function busGiven(url: string, more: Partial<RabbitBusOptions> = {}): BusGiven {
  const options = ownOptions(url, { readAhead: 32, batchSize: 10, ...more })
  const opened: RabbitBus[] = []
  const open = (): RabbitBus => {
    const bus = rabbitBus(options)
    opened.push(bus)
    return bus
  }
  const secret = 'wrong-password-4711'
  return {
    bus: open(),
    topic: async () => `topic-${randomUUID().slice(0, 8)}`,
    restart: async () => open(),
    readAhead: {
      limit: 32,
      async pulled(topic, group) {
        const [all, ready] = await Promise.all([
          messagesIn(url, `${options.prefix}.${topic}.history`),
          messagesIn(
            url,
            `${options.prefix}.${topic}.${group}.before`,
            ...[0, 1].map((shard) => `${options.prefix}.${topic}.${group}.${shard}`),
          ),
        ])
        // The history holds two marks of the bus, and what was before the group ends with one.
        return all - 2 - (ready - 1)
      },
    },
    badOptions: [
      { option: 'rabbitBus.url', create: () => rabbitBus({ url: 'http://broker' }) },
      { option: 'rabbitBus.shards', create: () => rabbitBus({ url, shards: 0 }) },
      { option: 'rabbitBus.groups', create: () => rabbitBus({ url, history: false }) },
    ],
    failure: {
      secret,
      async provoke() {
        const refused = rabbitBus({ ...options, username: 'andon', password: () => secret })
        opened.push(refused)
        await refused.publish('topic', [{ id: 'm-1', key: 'k', body: Buffer.from('x') }])
      },
    },
    async dispose() {
      await Promise.all(opened.map((bus) => bus.close()))
    },
  }
}

export async function sourceGiven(url: string): Promise<SourceGiven> {
  const queue = `test-source-${randomUUID().slice(0, 8)}`
  const model = await connect(url)
  const channel = await model.createConfirmChannel()
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
  const opened: ReturnType<typeof rabbitSource>[] = []
  const open = (more: Partial<RabbitSourceOptions> = {}) => {
    const source = rabbitSource({ url, queue, batchSize: 4, readAhead: 16, ...more })
    opened.push(source)
    return source
  }
  let made = 0
  const secret = 'wrong-password-4711'
  return {
    source: open(),
    async offer(count) {
      const marks = Array.from({ length: count }, () => {
        made += 1
        return `payload ${made}`
      })
      for (const mark of marks) channel.sendToQueue(queue, Buffer.from(mark), { persistent: true })
      await channel.waitForConfirms()
      return marks
    },
    markOf: ({ body }) => Buffer.from(body instanceof Uint8Array ? body : []).toString(),
    restart: async () => open(),
    readAhead: { limit: 16, pulled: async () => made - (await messagesIn(url, queue)) },
    badOptions: [
      { option: 'rabbitSource.queue', create: () => rabbitSource({ url, queue: '' }) },
      { option: 'rabbitSource.readAhead', create: () => rabbitSource({ url, queue, readAhead: 0 }) },
    ],
    failure: {
      secret,
      async provoke() {
        const refused = open({ username: 'andon', password: secret })
        for await (const batch of refused.receive({ signal: new AbortController().signal }))
          await batch.commit()
      },
    },
    async dispose() {
      await Promise.all(opened.map((source) => source.close()))
      await channel.deleteQueue(queue)
      await model.close()
    },
  }
}

export async function sinkGiven(url: string): Promise<SinkGiven> {
  const exchange = `test-sink-${randomUUID().slice(0, 8)}`
  const model = await connect(url)
  const channel = await model.createChannel()
  const opened: ReturnType<typeof rabbitSink>[] = []
  const open = (more: Partial<RabbitSinkOptions> = {}) => {
    const sink = rabbitSink({ url, exchange, queue: exchange, ...more })
    opened.push(sink)
    return sink
  }
  const secret = 'wrong-password-4711'
  const events: unknown[] = []
  return {
    sink: open(),
    async received(count) {
      while (events.length < count) {
        const message = await channel.get(exchange, { noAck: true })
        if (message !== false) events.push(JSON.parse(message.content.toString()))
      }
      return events
    },
    restart: async () => open(),
    badOptions: [
      { option: 'rabbitSink.exchange', create: () => rabbitSink({ url, exchange: '' }) },
      { option: 'rabbitSink.url', create: () => rabbitSink({ url: '' }) },
    ],
    failure: {
      secret,
      provoke: () => open({ username: 'andon', password: secret }).publish([sampleEvent(0)]),
    },
    async dispose() {
      await Promise.all(opened.map((sink) => sink.close()))
      await channel.deleteQueue(exchange)
      await channel.deleteExchange(exchange)
      await model.close()
    },
  }
}
