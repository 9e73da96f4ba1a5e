import { randomUUID } from 'node:crypto'
import { type RabbitBusOptions, rabbitBus, rabbitSink, rabbitSource } from '@andon/connector-rabbitmq'
import { sampleEvent, seededRandom } from '@andon/testkit'
import { connect } from 'amqplib'
import { expect, it, onTestFinished } from 'vitest'
import { describeWith, servers } from '../../../test/support/servers.js'
import { messagesIn, ownOptions } from './support/given.js'
import { type Network, startProxy } from './support/proxy.js'
import { idsOf, numbered, reading } from './support/reading.js'

describeWith('a network that breaks', servers.rabbitmq, ({ url }) => {
  async function withProxy(more: Partial<RabbitBusOptions> = {}) {
    const proxy: Network = await startProxy(url)
    const bus = rabbitBus(ownOptions(proxy.url, more))
    onTestFinished(async () => {
      await bus.close()
      await proxy.close()
    })
    return { proxy, bus, topic: `t-${randomUUID().slice(0, 8)}` }
  }

  it('nothing confirmed is lost, nothing comes twice, and keys keep their order, however often it breaks', async () => {
    const seed = Math.trunc(Math.random() * 1e9)
    const random = seededRandom(seed)
    const { proxy, bus, topic } = await withProxy({ shards: 4, batchSize: 30 })
    const { messages } = reading(bus, topic, 'crew', async (batch) => {
      await new Promise((resolve) => setImmediate(resolve))
      await batch.commit()
    })
    const total = 8000
    let cuts = 0
    for (let first = 0; first < total; first += 100) {
      const publishing = bus.publish(topic, numbered(100, { first, keys: 25 }))
      if (random() < 0.2) {
        cuts += 1
        proxy.cut()
      }
      await publishing
    }
    await expect.poll(() => new Set(idsOf(messages)).size, { timeout: 20_000 }).toBe(total)
    expect(cuts, `seed ${seed}`).toBeGreaterThan(5)
    expect(messages.length, `seed ${seed}`).toBe(total)
    const last = new Map<string, number>()
    for (const { key, body } of messages) {
      const number = Number(Buffer.from(body).toString())
      expect(number, `seed ${seed}`).toBeGreaterThan(last.get(key) ?? -1)
      last.set(key, number)
    }
  })

  it('a batch in the hands of the reader when it breaks can still be committed, and does not come again', async () => {
    const { proxy, bus, topic } = await withProxy({ groups: ['crew'] })
    await bus.publish(topic, numbered(10))
    let isFirst = true
    const { messages } = reading(bus, topic, 'crew', async (batch) => {
      if (isFirst) proxy.cut()
      isFirst = false
      await batch.commit()
    })
    await bus.publish(topic, numbered(10, { first: 10 }))
    await expect.poll(() => messages.length).toBe(20)
    await bus.publish(topic, numbered(1, { first: 20 }))
    await expect.poll(() => messages.length).toBe(21)
    expect(new Set(idsOf(messages)).size).toBe(21)
  })

  it('a publish that nobody confirms gives up at its deadline and says why; the consumer comes back by itself', async () => {
    const { proxy, bus, topic } = await withProxy({
      deliveryTimeoutMs: 400,
      heartbeatSeconds: 1,
      connectTimeoutMs: 500,
    })
    const { messages } = reading(bus, topic, 'crew')
    await bus.publish(topic, numbered(1))
    await expect.poll(() => messages.length).toBe(1)
    proxy.stall(true)
    await expect(bus.publish(topic, numbered(1, { first: 1 }))).rejects.toMatchObject({
      code: 'BUS_FAILED',
      retryable: true,
      message: expect.stringContaining('not confirmed within 400 ms'),
    })
    await expect.poll(async () => (await bus.check()).ok, { timeout: 10_000 }).toBe(false)
    expect((await bus.check()).detail).toMatch(/not connected|does not answer/)
    proxy.stall(false)
    await expect.poll(async () => (await bus.check()).ok, { timeout: 15_000 }).toBe(true)
    await bus.publish(topic, numbered(1, { first: 2 }))
    await expect.poll(() => idsOf(messages), { timeout: 15_000 }).toContain('m-2')
  })

  it('goes on to another node of the cluster where one cannot be reached, at once and every time', async () => {
    const nodes = [await startProxy(url), await startProxy(url), await startProxy(url)]
    onTestFinished(async () => {
      for (const node of nodes) await node.close()
    })
    const [a, b, c] = nodes
    if (a === undefined || b === undefined || c === undefined) throw new Error('three were started')
    // The second one was never there.
    await b.close()
    const bus = rabbitBus(ownOptions([a.url, b.url, c.url]))
    onTestFinished(() => bus.close())
    const topic = `t-${randomUUID().slice(0, 8)}`
    const { messages } = reading(bus, topic, 'crew')
    await bus.publish(topic, numbered(10))
    await expect.poll(() => messages.length, { timeout: 10_000 }).toBe(10)
    await a.close()
    await bus.publish(topic, numbered(10, { first: 10 }))
    await expect.poll(() => messages.length, { timeout: 10_000 }).toBe(20)
    expect(idsOf(messages).toSorted()).toEqual(idsOf(numbered(20)).toSorted())
  })

  it('waits for a broker that is not there yet', async () => {
    const proxy = await startProxy(url)
    await proxy.close()
    const bus = rabbitBus(ownOptions(proxy.url, { deliveryTimeoutMs: 500 }))
    onTestFinished(() => bus.close())
    const error = await bus.publish('t', numbered(1)).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'BUS_FAILED',
      retryable: true,
      message: expect.stringContaining('ECONNREFUSED'),
    })
    const consuming = bus.consume({ topic: 't', group: 'crew', signal: AbortSignal.timeout(300) })
    expect(await consuming[Symbol.asyncIterator]().next()).toMatchObject({ done: true })
  })

  it('a source goes on reading, and a sink publishes what was not confirmed again', async () => {
    const proxy = await startProxy(url)
    const name = `test-${randomUUID().slice(0, 8)}`
    const sink = rabbitSink({ url: proxy.url, exchange: name, queue: name })
    const source = rabbitSource({ url: proxy.url, queue: name, create: true })
    const seen = new Set<string>()
    const stopper = new AbortController()
    const read = (async () => {
      for await (const batch of source.receive({ signal: stopper.signal })) {
        for (const { headers } of batch.items) seen.add(headers?.['message-id'] ?? '')
        await batch.commit()
      }
    })()
    onTestFinished(async () => {
      stopper.abort()
      await read
      await Promise.all([sink.close(), source.close()])
      const model = await connect(url)
      const channel = await model.createChannel()
      await channel.deleteQueue(name)
      await channel.deleteExchange(name)
      await model.close()
      await proxy.close()
    })
    for (let first = 0; first < 300; first += 30) {
      const publishing = sink.publish(Array.from({ length: 30 }, (_, index) => sampleEvent(first + index)))
      proxy.cut()
      await publishing
    }
    await expect.poll(() => seen.size, { timeout: 15_000 }).toBe(300)
    await expect.poll(() => messagesIn(url, name)).toBe(0)
  })
})
