import { kafkaBus } from '@andon/connector-kafka'
import { Consumer, compatibilityPartitioner, Producer } from '@platformatic/kafka'
import { quantile } from './lib/cells.ts'
import { complaints } from './lib/complaints.ts'

// One cell of `kafka`, in a process of its own: the bare client or the bus, the same messages.
const { broker, run, mode, count, compression } = JSON.parse(process.argv[2] ?? '{}') as {
  broker: string
  run: string
  mode: 'bare' | 'ours' | 'steady'
  count: number
  compression: 'none' | 'gzip' | 'lz4' | 'zstd'
}
const perCall = 100
const calls = 8
const partitions = 8
const prefix = `${run}.`
const topic = `${prefix}feedback`

const make = complaints(1)
const bodies = Array.from({ length: 1000 }, (_, i) => Buffer.from(String(make(i, Date.now()).body)))
const messageOf = (i: number) => ({
  id: `message-${i}`,
  key: `default|BCD-${i % 40}`,
  body: bodies[i % bodies.length] ?? Buffer.alloc(0),
})

/** All messages in calls of a hundred, some calls at a time. */
async function publishAll(publish: (first: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const caller = async (): Promise<void> => {
    while (next < count) {
      const first = next
      next += perCall
      await publish(first)
    }
  }
  await Promise.all(Array.from({ length: calls }, caller))
}

/** Processor time a message in microseconds, and messages a second. */
async function timed(what: string, work: () => Promise<void>): Promise<Record<string, number>> {
  const [cpu, wall] = [process.cpuUsage(), performance.now()]
  await work()
  const { user, system } = process.cpuUsage(cpu)
  const seconds = (performance.now() - wall) / 1000
  return {
    [`${what}Microseconds`]: Number(((user + system) / count).toFixed(2)),
    [`${what}PerSecond`]: Math.round(count / seconds),
  }
}

async function bare(): Promise<Record<string, number>> {
  const common = { clientId: 'bench', bootstrapBrokers: [broker], timeout: 30_000 }
  const producer = new Producer({
    ...common,
    idempotent: true,
    producerId: -1n,
    producerEpoch: -1,
    partitioner: compatibilityPartitioner,
  })
  const published = await timed('publish', () =>
    publishAll((first) =>
      producer.send({
        messages: Array.from({ length: perCall }, (_, i) => {
          const { id, key, body } = messageOf(first + i)
          const headers = new Map([[Buffer.from('andon-id'), Buffer.from(id)]])
          return { topic, key: Buffer.from(key), value: body, headers }
        }),
      }),
    ),
  )
  await producer.close()
  const consumer = new Consumer({ ...common, groupId: `${prefix}readers`, autocommit: false })
  const read = await timed('read', async () => {
    let got = 0
    const stream = await consumer.consume({
      topics: [topic],
      mode: 'earliest',
      autocommit: false,
      maxBytesPerPartition: 1_048_576,
      highWaterMark: 4096,
    })
    // A reader of either kind gets texts for the id and the key.
    let texts = 0
    for await (const { key, headers } of stream) {
      texts += key.toString().length
      for (const value of headers.values()) texts += value.toString().length
      got += 1
      if (got === count) break
    }
    if (texts === 0) throw new Error('the messages have neither key nor id')
    await stream.close()
  })
  await consumer.close(true)
  return { ...published, ...read }
}

const bus = kafkaBus({ brokers: [broker], prefix, compression })
await bus.prepare([{ topic: 'feedback', partitions }])

/** Reads all partitions until `each` has seen enough. */
async function readAll(each: (ids: readonly { readonly id: string }[]) => boolean): Promise<void> {
  const stopper = new AbortController()
  const readers: Promise<void>[] = []
  const { signal } = stopper
  for await (const partition of bus.partitions({ topics: ['feedback'], group: 'readers', signal })) {
    const read = async (): Promise<void> => {
      for await (const batch of partition.read({ from: 0, signal })) if (each(batch)) stopper.abort()
      await partition.release()
    }
    readers.push(read())
  }
  await Promise.all(readers)
}

async function ours(): Promise<Record<string, number>> {
  const published = await timed('publish', () =>
    publishAll((first) =>
      bus.publish(
        'feedback',
        Array.from({ length: perCall }, (_, i) => messageOf(first + i)),
      ),
    ),
  )
  let got = 0
  const read = await timed('read', () =>
    readAll((batch) => {
      got += batch.length
      return got >= count
    }),
  )
  return { ...published, ...read }
}

async function steady(): Promise<Record<string, number>> {
  const sentAt: number[] = []
  const took: number[] = []
  const reading = readAll((batch) => {
    const now = performance.now()
    for (const { id } of batch) took.push(now - (sentAt[Number(id.slice(id.indexOf('-') + 1))] ?? now))
    return took.length >= count
  })
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  const began = performance.now()
  const sending: Promise<void>[] = []
  while (sentAt.length < count) {
    const due = Math.min(count, Math.floor(performance.now() - began))
    while (sentAt.length < due) {
      const message = messageOf(sentAt.length)
      sentAt.push(performance.now())
      sending.push(bus.publish('feedback', [message]))
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(sending)
  await reading
  const tail = took.slice(Math.floor(count / 10))
  return { p50Ms: Number(quantile(tail, 0.5).toFixed(2)), p99Ms: Number(quantile(tail, 0.99).toFixed(2)) }
}

const figures = await { bare, ours, steady }[mode]()
await bus.close()
process.stdout.write(JSON.stringify(figures))
