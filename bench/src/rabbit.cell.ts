import { rabbitBus } from '@andon/connector-rabbitmq'
import { connect } from 'amqplib'

// One cell of the overhead of connector-rabbitmq: the same messages over the same exchange and queues, by the bus or by
// the bare client. Four quorum queues with one consumer each, confirmed in calls of 100, ten calls under way, acknowledged
// a hundred at a time.
const { url, client, count, run } = JSON.parse(process.argv[2] ?? '{}') as {
  url: string
  client: 'bare' | 'bus'
  count: number
  run: string
}
const shards = 4
const callSize = 100
const callsAtOnce = 10
const roundTrips = 500
const body = Buffer.alloc(1000, 'x')

/** What both can do. `received` is told of each message; each is acknowledged when it has been told. */
interface Wire {
  publish(first: number, size: number): Promise<void>
  consume(received: (size: number) => void): Promise<void>
  close(): Promise<void>
}

const key = (index: number): string => `key-${index % 64}`

async function bare(): Promise<Wire> {
  const [outward, inward] = await Promise.all([
    connect(url, { noDelay: true }),
    connect(url, { noDelay: true }),
  ])
  const channel = await outward.createConfirmChannel()
  await channel.assertExchange(run, 'topic', { durable: true })
  for (let shard = 0; shard < shards; shard += 1) {
    await channel.assertQueue(`${run}.${shard}`, {
      durable: true,
      arguments: { 'x-queue-type': 'quorum', 'x-single-active-consumer': true },
    })
    await channel.bindQueue(`${run}.${shard}`, run, `${shard}.0`)
  }
  return {
    publish: (first, size) =>
      new Promise((resolve, reject) => {
        let left = size
        for (let index = first; index < first + size; index += 1) {
          const options = {
            messageId: `m-${index}`,
            persistent: true,
            mandatory: true,
            headers: { key: key(index) },
          }
          channel.publish(run, `${index % shards}.0`, body, options, (error: unknown) => {
            left -= 1
            if (error) reject(error)
            else if (left === 0) resolve()
          })
        }
      }),
    async consume(received) {
      for (let shard = 0; shard < shards; shard += 1) {
        const consuming = await inward.createChannel()
        await consuming.prefetch(128)
        let isScheduled = false
        await consuming.consume(`${run}.${shard}`, (message) => {
          if (message === null) return
          received(1)
          if (isScheduled) return
          isScheduled = true
          // What came together is acknowledged together.
          setImmediate(() => {
            isScheduled = false
            consuming.ackAll()
          })
        })
      }
    },
    async close() {
      for (let shard = 0; shard < shards; shard += 1) await channel.deleteQueue(`${run}.${shard}`)
      await channel.deleteExchange(run)
      await Promise.all([outward.close(), inward.close()])
    },
  }
}

async function bus(): Promise<Wire> {
  const wire = rabbitBus({ url, prefix: run, shards, groups: ['bench'], history: false, readAhead: 512 })
  const stopper = new AbortController()
  let reading: Promise<void> | undefined
  return {
    publish: (first, size) =>
      wire.publish(
        'topic',
        Array.from({ length: size }, (_, step) => ({
          id: `m-${first + step}`,
          key: key(first + step),
          body,
        })),
      ),
    async consume(received) {
      reading = (async () => {
        for await (const batch of wire.consume({ topic: 'topic', group: 'bench', signal: stopper.signal })) {
          received(batch.items.length)
          await batch.commit()
        }
      })()
    },
    async close() {
      stopper.abort()
      await reading
      await wire.close()
    },
  }
}

const cpuMicroseconds = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since)
  return user + system
}

const wire = await (client === 'bare' ? bare() : bus())
let got = 0
let wanted = Number.POSITIVE_INFINITY
let reached: () => void = () => undefined
const received = (size: number): void => {
  got += size
  if (got >= wanted) reached()
}
const until = (target: number): Promise<void> =>
  new Promise((resolve) => {
    wanted = target
    reached = resolve
    if (got >= target) resolve()
  })

// A warm-up that also makes everything on the broker.
await wire.publish(0, callSize)
await wire.consume(received)
await until(callSize)
let sent = callSize
for (; sent < 5000; sent += callSize) await wire.publish(sent, callSize)
await until(sent)

const [cpu, startedAt, first] = [process.cpuUsage(), performance.now(), sent]
const callers = Array.from({ length: callsAtOnce }, async () => {
  while (sent < first + count) {
    const from = sent
    sent += callSize
    await wire.publish(from, callSize)
  }
})
await Promise.all(callers)
const confirmedAt = performance.now()
await until(sent)
const seconds = (performance.now() - startedAt) / 1000
const clientMicroseconds = cpuMicroseconds(cpu) / count

const trips: number[] = []
for (let trip = 0; trip < roundTrips; trip += 1) {
  const at = performance.now()
  const back = until(sent + 1)
  await wire.publish(sent, 1)
  await back
  sent += 1
  trips.push(performance.now() - at)
}
trips.sort((left, right) => left - right)
await wire.close()
process.stdout.write(
  JSON.stringify({
    messagesPerSecond: Math.round(count / seconds),
    confirmedPerSecond: Math.round((count / (confirmedAt - startedAt)) * 1000),
    clientMicroseconds: Number(clientMicroseconds.toFixed(1)),
    roundTripP50Ms: Number((trips[Math.floor(roundTrips / 2)] ?? 0).toFixed(2)),
    roundTripP99Ms: Number((trips[Math.floor(roundTrips * 0.99)] ?? 0).toFixed(2)),
  }),
)
