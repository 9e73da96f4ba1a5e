import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { kafkaBus } from '@andon/connector-kafka'
import { partitionOf } from '@andon/testkit'
import { Consumer, Producer } from '@platformatic/kafka'
import { expect, it, onTestFinished, vi } from 'vitest'
import { describeWith, servers } from '../../../test/support/servers.js'
import { clientOptionsOf } from '../src/cluster/client-options.js'
import { Cluster } from '../src/cluster/cluster.js'
import { NodeLine } from '../src/cluster/node-line.js'
import { kafkaBus as busFromSource } from '../src/kafka-bus.js'
import { fetchFrom } from '../src/read/fetch-request.js'
import { busesOn, eventually, message, ownPrefix, readAll } from './support/broker.js'

const connection = (brokers: readonly string[]) => ({
  brokers: [...brokers],
  clientId: 'andon-tests',
  connectTimeoutMs: 5_000,
  requestTimeoutMs: 30_000,
  refreshMs: 60_000,
})

/** Sees the requests of one kind as they go out and are answered. */
function watchRequests(apiKey: number): { readonly most: number; readonly sent: number } {
  const seen = { most: 0, sent: 0, now: 0 }
  const { ask } = NodeLine.prototype
  const spy = vi.spyOn(NodeLine.prototype, 'ask').mockImplementation(function (
    this: NodeLine,
    request,
    limitMs,
  ) {
    const answer = ask.call(this, request, limitMs)
    if (request.api.key !== apiKey) return answer
    seen.sent += 1
    seen.now += 1
    seen.most = Math.max(seen.most, seen.now)
    return answer.finally(() => {
      seen.now -= 1
    })
  })
  onTestFinished(() => spy.mockRestore())
  return seen
}

const produceKey = 0

it('a broker that takes connections and never answers: publishing ends at our own deadline', async () => {
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => sockets.add(socket))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const { port } = silent.address() as AddressInfo
  const bus = kafkaBus({ brokers: [`127.0.0.1:${port}`], deliveryTimeoutMs: 400 })
  const began = performance.now()
  await expect(bus.publish('topic', [message('1')])).rejects.toMatchObject({
    code: 'BUS_FAILED',
    retryable: true,
  })
  expect(performance.now() - began).toBeLessThan(3_000)
  await bus.close()
  for (const socket of sockets) socket.destroy()
  silent.close()
})

it('the client is given our patience: its own 5 s for a write are too short, and its retries know no deadline', () => {
  const options = clientOptionsOf(connection(['127.0.0.1:1']))
  expect(options).toMatchObject({ timeout: 30_000, retries: 0, autocreateTopics: false })
})

describeWith('what the client must be kept from, on a real broker', servers.kafka, ({ brokers }) => {
  const own = () => {
    const buses = busesOn(brokers)
    onTestFinished(() => buses.close())
    return buses
  }

  it('one request to a node is on its way at a time, however many publishes there are, and order stays', async () => {
    // The same module as the line that is watched.
    const bus = busFromSource({ brokers, prefix: ownPrefix(), sessionTimeoutMs: 6_000 })
    onTestFinished(() => bus.close())
    await bus.prepare([{ topic: 'topic', partitions: 3 }])
    await bus.publish('topic', [message('0')])
    const seen = watchRequests(produceKey)
    await Promise.all(
      Array.from({ length: 300 }, (_, index) =>
        bus.publish('topic', [message(`${index + 1}`, `key ${index % 5}`)]),
      ),
    )
    expect(seen.most).toBe(1)
    // What came while the first was on its way went together.
    expect(seen.sent).toBeLessThan(20)
    const got = new Map<string, number[]>()
    let left = 300
    const reading = readAll(bus, 'topic', 'group', async (partition) => {
      for await (const batch of partition.read({ from: 0, signal: reading.signal })) {
        for (const { id, key } of batch.filter((each) => each.key.startsWith('key'))) {
          got.set(key, [...(got.get(key) ?? []), Number(id)])
          left -= 1
        }
      }
    })
    await eventually(() => left <= 0, 'all messages')
    await reading.stop()
    for (const ids of got.values()) expect(ids).toEqual(ids.toSorted((a, b) => a - b))
    expect([...got.values()].flat()).toHaveLength(300)
  })

  it('each bus is a producer of its own to the broker: it never asks to go on as number 0', async () => {
    const buses = own()
    await buses.open().prepare([{ topic: 'topic', partitions: 1 }])
    for (const bus of [buses.open(), buses.open()]) await bus.publish('topic', [message('1')])
    const cluster = new Cluster(connection(brokers))
    onTestFinished(() => cluster.close())
    const topic = `${buses.prefix}topic`
    const place = await cluster.topic(topic)
    const node = place.leaders[0] ?? -1
    const ids = []
    for (const from of [0, 1]) {
      const part = { topic, topicId: place.id, partition: 0, from, maxBytes: 1 }
      const limits = { maxWaitMs: 500, maxBytes: 1 }
      const [answer] = await fetchFrom(
        await cluster.line(node, 'test'),
        await cluster.version('Fetch'),
        limits,
        30_000,
        [part],
      )
      ids.push([answer?.records?.readBigInt64BE(43), answer?.records?.readInt16BE(51)])
    }
    expect(ids.every(([id, epoch]) => typeof id === 'bigint' && id >= 0n && epoch === 0)).toBe(true)
    expect(new Set(ids.map(([id]) => id)).size).toBe(2)
  })

  it('nothing is committed by itself, and a new group begins with the oldest message', async () => {
    const bus = own().open()
    await bus.publish('topic', [message('1'), message('2')])
    const stopper = new AbortController()
    const ids: string[] = []
    for await (const { items } of bus.consume({ topic: 'topic', group: 'group', signal: stopper.signal })) {
      ids.push(...items.map(({ id }) => id))
      if (ids.length === 2) break
    }
    expect(ids).toEqual(['1', '2'])
    // Longer than the client's timer would take to commit.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(await bus.lag('group')).toEqual([])
  })

  it('a key lies where the Java client puts it', async () => {
    const bus = own().open()
    await bus.prepare([{ topic: 'topic', partitions: 7 }])
    const keys = [
      '',
      '21',
      'foobar',
      '华南|KX-500',
      'ключ',
      ...Array.from({ length: 100 }, (_, i) => `tenant|${i}`),
    ]
    await bus.publish(
      'topic',
      keys.map((key, index) => message(`${index}`, key)),
    )
    const found = new Map<string, number>()
    const reading = readAll(bus, 'topic', 'group', async (partition) => {
      for await (const batch of partition.read({ from: 0, signal: reading.signal })) {
        for (const { key } of batch) found.set(key, partition.number)
      }
    })
    await eventually(() => found.size === keys.length, 'all keys')
    await reading.stop()
    for (const key of keys) expect([key, found.get(key)]).toEqual([key, partitionOf(key, 7)])
  })

  it('known bug 326 is gone from the client: concurrent idempotent sends are all there once acknowledged', async () => {
    const buses = own()
    const bus = buses.open()
    await bus.prepare([{ topic: 'topic', partitions: 1 }])
    const topic = `${buses.prefix}topic`
    const producer = new Producer({
      ...clientOptionsOf(connection(brokers)),
      idempotent: true,
      producerId: -1n,
      producerEpoch: -1,
    })
    await Promise.all(
      Array.from({ length: 40 }, (_, send) =>
        producer.send({
          messages: Array.from({ length: 10 }, (_each, index) => ({
            topic,
            partition: 0,
            value: Buffer.from(`${send} ${index}`),
          })),
        }),
      ),
    )
    await producer.close()
    const values = new Set<string>()
    const reading = readAll(bus, 'topic', 'group', async (partition) => {
      for await (const batch of partition.read({ from: 0, signal: reading.signal })) {
        for (const { body } of batch) values.add(Buffer.from(body).toString())
      }
    })
    await eventually(() => values.size === 400, '400 messages that were acknowledged')
    await reading.stop()
  })

  it('known bug 267 is gone from the client: a group of the new protocol goes on after what it committed', async () => {
    const buses = own()
    const bus = buses.open()
    await bus.prepare([{ topic: 'topic', partitions: 1 }])
    await bus.publish(
      'topic',
      Array.from({ length: 10 }, (_, index) => message(`${index}`)),
    )
    const read = async (count: number, commits: boolean): Promise<readonly string[]> => {
      const consumer = new Consumer({
        ...clientOptionsOf(connection(brokers)),
        groupId: `${buses.prefix}new`,
        groupProtocol: 'consumer',
        autocommit: false,
      })
      const topics = [`${buses.prefix}topic`]
      const stream = await consumer.consume({
        topics,
        mode: 'committed',
        fallbackMode: 'earliest',
        autocommit: false,
      })
      const values: string[] = []
      for await (const each of stream) {
        values.push(each.value.toString())
        if (values.length < count) continue
        if (commits) await each.commit()
        break
      }
      await stream.close()
      await consumer.close(true)
      return values
    }
    expect(await read(4, true)).toEqual(['0', '1', '2', '3'])
    expect((await read(6, false))[0]).toBe('4')
  })
})
