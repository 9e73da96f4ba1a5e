import { randomUUID } from 'node:crypto'
import { type RabbitBatch, type RabbitBusOptions, rabbitBus } from '@andon/connector-rabbitmq'
import type { Message } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { seededRandom } from '@andon/testkit'
import { connect } from 'amqplib'
import { expect, it, onTestFinished } from 'vitest'
import { describeWith, servers } from '../../../test/support/servers.js'
import { headersOf, messagesIn, ownOptions } from './support/given.js'
import { idsOf, numbered, reading } from './support/reading.js'

describeWith('rabbitBus', servers.rabbitmq, ({ url }) => {
  const withBus = (more: Partial<RabbitBusOptions> = {}) => {
    const options = ownOptions(url, more)
    const open = (other: Partial<RabbitBusOptions> = {}) => {
      const bus = rabbitBus({ ...options, ...other })
      onTestFinished(() => bus.close())
      return bus
    }
    return { bus: open(), open, options, topic: `t-${randomUUID().slice(0, 8)}` }
  }
  /** A plain client, as somebody else's program is. */
  const otherClient = async () => {
    const model = await connect(url)
    onTestFinished(() => model.close())
    return model.createConfirmChannel()
  }
  const eventually = (count: number, messages: readonly Message[]) =>
    expect.poll(() => messages.length, { timeout: 10_000 }).toBe(count)

  it('divides the shards among the consumers of a group, also among those that come later', async () => {
    const { bus, open, topic } = withBus({ shards: 6 })
    const first = reading(bus, topic, 'crew')
    await bus.publish(topic, numbered(60, { keys: 60 }))
    await eventually(60, first.messages)
    const [second, third] = [reading(open(), topic, 'crew'), reading(open(), topic, 'crew')]
    let sent = 60
    await expect
      .poll(
        async () => {
          await bus.publish(topic, numbered(60, { first: sent, keys: 60 }))
          sent += 60
          return [second, third].every(({ messages }) => messages.length > 0)
        },
        { timeout: 10_000 },
      )
      .toBe(true)
    await expect
      .poll(() => [first, second, third].reduce((sum, { messages }) => sum + messages.length, 0))
      .toBe(sent)
  })

  it('never has a key in two hands, and never out of order, while consumers come and go', async () => {
    const seed = Math.trunc(Math.random() * 1e9)
    const random = seededRandom(seed)
    const { bus, open, topic } = withBus({ shards: 6, batchSize: 20, rebalanceMs: 50 })
    const total = 6000
    const last = new Map<string, number>()
    const inHand = new Map<string, object>()
    const done = new Set<number>()
    const broken: string[] = []
    const join = () => {
      const self = {}
      return reading(open(), topic, 'crew', async (batch) => {
        for (const { key, body } of batch.items) {
          const number = Number(Buffer.from(body).toString())
          const holder = inHand.get(key)
          if (holder !== undefined && holder !== self) broken.push(`${key} is in two hands`)
          inHand.set(key, self)
          // What is not new was given back by another consumer: it comes again, from there on in order.
          if (!done.has(number) && number < (last.get(key) ?? -1))
            broken.push(`${key}: ${number} after ${last.get(key)}`)
          if (!done.has(number)) last.set(key, number)
          done.add(number)
        }
        await new Promise((resolve) => setImmediate(resolve))
        for (const { key } of batch.items) inHand.delete(key)
        await batch.commit()
      })
    }
    const members = [join(), join()]
    for (let first = 0; first < total; first += 100) {
      await bus.publish(topic, numbered(100, { first, keys: 40 }))
      if (random() < 0.15) members.push(join())
      if (random() < 0.15 && members.length > 1) await members.shift()?.stop()
    }
    await expect.poll(() => done.size, { timeout: 20_000 }).toBe(total)
    expect(broken, `seed ${seed}`).toEqual([])
  })

  for (const queueType of ['quorum', 'classic'] as const) {
    it(`lets the urgent overtake a backlog, on ${queueType} queues`, async () => {
      const { bus, topic } = withBus({
        priorities: 3,
        queueType,
        batchSize: 10,
        readAhead: 20,
        groups: ['crew'],
      })
      await bus.publish(topic, numbered(400, { priority: 9 }))
      const order: string[] = []
      let isSent = false
      const started = reading(bus, topic, 'crew', async (batch) => {
        order.push(...idsOf(batch.items))
        if (order.length >= 50 && !isSent) {
          isSent = true
          await bus.publish(topic, [{ id: 'urgent', key: 'key-1', body: Buffer.from('!'), priority: 1 }])
        }
        await batch.commit()
      })
      await eventually(401, started.messages)
      const place = order.indexOf('urgent')
      expect(place).toBeGreaterThan(40)
      // It waits for what was read ahead at most, not for the backlog.
      expect(place).toBeLessThan(120)
      expect(started.messages.find(({ id }) => id === 'urgent')?.priority).toBe(1)
    })
  }

  it('brings a message again after its delay, and counts the tries', async () => {
    const { bus, topic } = withBus()
    const times: number[] = []
    const { messages } = reading(bus, topic, 'crew', async (batch) => {
      times.push(performance.now())
      const [first] = batch.items
      if (first !== undefined && first.headers?.['andon-attempt'] !== '3') {
        await batch.retryLater([first], { delayMs: 150, reason: 'the press is busy' })
      }
      await batch.commit()
    })
    await bus.publish(topic, [{ id: 'm-1', key: 'k', body: Buffer.from('x'), headers: { own: 'kept' } }])
    await eventually(3, messages)
    expect(messages.map(({ headers }) => headers)).toEqual([
      { own: 'kept' },
      { own: 'kept', 'andon-attempt': '2', 'andon-reason': 'the press is busy' },
      { own: 'kept', 'andon-attempt': '3', 'andon-reason': 'the press is busy' },
    ])
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(190)
  })

  it('a batch that is committed late leaves alone what it has put off and what has come again since', async () => {
    const { bus, topic } = withBus({ batchSize: 1 })
    await bus.publish(topic, numbered(1))
    const batches: RabbitBatch[] = []
    const { messages } = reading(bus, topic, 'crew', async (batch) => {
      batches.push(batch)
      await batch.retryLater(batch.items, { delayMs: 200, reason: 'not yet' })
      // All of them once more, while what was put off may be in hand already.
      for (const earlier of batches) await earlier.commit()
    })
    await eventually(3, messages)
    expect(messages.map(({ headers }) => headers?.['andon-attempt'])).toEqual([undefined, '2', '3'])
  })

  it('keeps what a reader gives up with the reason, and says that it is there', async () => {
    const { bus, topic, options } = withBus()
    const { messages } = reading(bus, topic, 'crew', async (batch) => {
      await batch.deadLetter(batch.items, 'no such machine')
      await batch.commit()
    })
    await bus.publish(topic, numbered(1))
    await eventually(1, messages)
    const channel = await otherClient()
    await expect
      .poll(() => bus.check())
      .toEqual({ ok: true, detail: `1 dead letters wait in ${options.prefix}.dead` })
    expect(await headersOf(channel, `${options.prefix}.dead`)).toMatchObject({
      'andon-reason': 'no such machine',
      'andon-topic': topic,
      'andon-group': 'crew',
    })
  })

  it('puts a message that it cannot read with the dead letters, and goes on', async () => {
    const { bus, topic, options } = withBus({ groups: ['crew'] })
    await bus.publish(topic, numbered(1))
    const channel = await otherClient()
    for (const shard of [0, 1])
      channel.sendToQueue(`${options.prefix}.${topic}.crew.${shard}`, Buffer.from('?'), {})
    await channel.waitForConfirms()
    await bus.publish(topic, numbered(20, { first: 1 }))
    const { messages } = reading(bus, topic, 'crew')
    await eventually(21, messages)
    await expect.poll(() => messagesIn(url, `${options.prefix}.dead`)).toBe(2)
    expect(await headersOf(channel, `${options.prefix}.dead`)).toMatchObject({
      'andon-reason': 'it has no message id',
    })
  })

  it('puts a message with the dead letters that came back too often, never drops it', async () => {
    const { bus, open, topic, options } = withBus({ deliveryLimit: 3, groups: ['crew'] })
    await bus.publish(topic, numbered(1))
    // Closing gives everything back each time.
    const deliver = async (): Promise<boolean> => {
      const dying = open()
      const signal = AbortSignal.timeout(1000)
      for await (const { items } of dying.consume({ topic, group: 'crew', signal })) {
        await dying.close()
        return items.length === 1
      }
      return false
    }
    expect([await deliver(), await deliver(), await deliver(), await deliver()]).toEqual([
      true,
      true,
      true,
      true,
    ])
    await expect.poll(() => messagesIn(url, `${options.prefix}.dead`), { timeout: 5000 }).toBe(1)
    const channel = await otherClient()
    expect(await headersOf(channel, `${options.prefix}.dead`)).toMatchObject({
      'x-first-death-reason': 'delivery_limit',
    })
  })

  it('leaves repetitions out by their ids, before and after they were committed', async () => {
    const { bus, topic } = withBus()
    const { messages } = reading(bus, topic, 'crew')
    await bus.publish(topic, [...numbered(5), ...numbered(5)])
    await eventually(5, messages)
    await bus.publish(topic, [...numbered(5), ...numbered(1, { first: 5 })])
    await eventually(6, messages)
    expect(idsOf(messages).toSorted()).toEqual(idsOf(numbered(6)))
  })

  it('says what to do when the user or the password is refused, and shows neither', async () => {
    const { open, topic } = withBus()
    const bus = open({ username: 'andon', password: 'wrong-password-4711' })
    const error = await bus.publish(topic, numbered(1)).catch((thrown: unknown) => thrown)
    expect(isAndonError(error, 'BUS_FAILED') && error.message).toContain('check username and password')
    expect(isAndonError(error) && [error.retryable, error.describe('zh')]).toEqual([
      false,
      expect.stringContaining('password'),
    ])
    const health = await bus.check()
    expect(health).toMatchObject({
      ok: false,
      detail: expect.stringContaining('check username and password'),
    })
    expect(JSON.stringify([error, health])).not.toContain('4711')
    const consuming = bus.consume({ topic, group: 'crew', signal: new AbortController().signal })
    await expect(consuming[Symbol.asyncIterator]().next()).rejects.toThrow('check username and password')
  })

  it.each([
    ['rabbitBus.url', 'http://rabbit.plant.example'],
    ['rabbitBus.url', []],
    ['rabbitBus.url.1', ['amqp://a.plant.example', 'b.plant.example']],
    ['rabbitBus.url', ['amqp://a.plant.example/line-4', 'amqp://b.plant.example/line-5']],
  ])('names %s where %o is no address, or none of one cluster', (option, wrong) => {
    expect(() => rabbitBus({ url: wrong })).toThrow(
      expect.objectContaining({
        code: 'OPTIONS_INVALID',
        message: expect.stringContaining(`Option ${option} `),
      }),
    )
  })

  it('says that a virtual host is not there', async () => {
    const { open, topic } = withBus()
    const nowhere = new URL(url)
    nowhere.pathname = '/no-such-host'
    await expect(open({ url: nowhere.href }).publish(topic, [])).resolves.toBeUndefined()
    await expect(open({ url: nowhere.href }).publish(topic, numbered(1))).rejects.toThrow('virtual host')
  })

  it('asks for the password anew for each connection', async () => {
    let asked = 0
    const { password } = new URL(url)
    const secret = decodeURIComponent(password)
    const { bus, topic } = withBus({
      password: async () => {
        asked += 1
        return secret
      },
    })
    await bus.publish(topic, numbered(1))
    const { messages } = reading(bus, topic, 'crew')
    await eventually(1, messages)
    expect(asked).toBe(2)
  })

  it('refuses a topic that was divided otherwise, and says how it was', async () => {
    const { bus, open, topic } = withBus({ shards: 2 })
    await bus.publish(topic, numbered(1))
    const other = open({ shards: 4 })
    await expect(other.publish(topic, numbered(1))).rejects.toThrow(
      `topic ${topic} was made with 2 shards and 1 priorities and cannot be read or written with 4 shards`,
    )
    const consuming = other.consume({ topic, group: 'crew', signal: new AbortController().signal })
    await expect(consuming[Symbol.asyncIterator]().next()).rejects.toThrow('was made with 2 shards')
  })

  it('fails instead of losing what no queue takes', async () => {
    const { bus, topic, options } = withBus({ history: false, groups: ['crew'], shards: 1 })
    await bus.publish(topic, numbered(1))
    const channel = await otherClient()
    await channel.deleteQueue(`${options.prefix}.${topic}.crew.0`)
    await expect(bus.publish(topic, numbered(1))).rejects.toThrow('no queue takes what goes to')
  })

  it('asks a broker again that refuses a message, and delivers it when there is room', async () => {
    const { open, topic, options } = withBus({ history: false, groups: ['crew'], shards: 1 })
    const bus = open({ deliveryTimeoutMs: 5000 })
    await bus.publish(topic, numbered(1))
    const { messages } = reading(open(), topic, 'crew')
    await eventually(1, messages)
    const channel = await otherClient()
    const [queue, exchange] = [`${options.prefix}.narrow`, `${options.prefix}.${topic}`]
    // Somebody else's queue on the same exchange that takes one message and no more.
    const narrow = { 'x-queue-type': 'quorum', 'x-max-length': 1, 'x-overflow': 'reject-publish' }
    await channel.assertQueue(queue, { durable: true, arguments: narrow })
    await channel.bindQueue(queue, exchange, '#')
    const publishing = bus.publish(topic, numbered(30, { first: 1 }))
    await expect.poll(() => messagesIn(url, queue)).toBeGreaterThan(0)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await channel.deleteQueue(queue)
    await publishing
    await eventually(31, messages)
    expect(idsOf(messages)).toEqual(idsOf(numbered(31)))
  })

  it('a batch cannot be committed any more once the bus is closed, and says so', async () => {
    const { open, topic } = withBus({ groups: ['crew'] })
    const bus = open()
    await bus.publish(topic, numbered(1))
    const signal = AbortSignal.timeout(10_000)
    for await (const batch of bus.consume({ topic, group: 'crew', signal })) {
      await bus.close()
      await expect(batch.commit()).rejects.toMatchObject({ code: 'BUS_FAILED', retryable: true })
    }
    const { messages } = reading(open(), topic, 'crew')
    await eventually(1, messages)
  })

  it('gives a group that comes late everything in order, while more is published', async () => {
    const { bus, open, topic } = withBus({ shards: 4, batchSize: 50 })
    const total = 3000
    for (let first = 0; first < total / 2; first += 500)
      await bus.publish(topic, numbered(500, { first, keys: 20 }))
    const publishing = (async () => {
      for (let first = total / 2; first < total; first += 50)
        await bus.publish(topic, numbered(50, { first, keys: 20 }))
    })()
    const members = [
      reading(open(), topic, 'late'),
      reading(open(), topic, 'late'),
      reading(bus, topic, 'late'),
    ]
    await publishing
    const all = () => members.flatMap(({ messages }) => messages)
    await expect.poll(() => new Set(idsOf(all())).size, { timeout: 20_000 }).toBe(total)
    for (const { messages } of members) {
      const last = new Map<string, number>()
      for (const { key, body } of messages) {
        const number = Number(Buffer.from(body).toString())
        expect(number).toBeGreaterThan(last.get(key) ?? -1)
        last.set(key, number)
      }
    }
  })

  it('reads on where something stands behind the end of the past, e.g. because a policy put it there', async () => {
    const { bus, options, topic } = withBus({ readAhead: 1, batchSize: 1 })
    await bus.publish(topic, numbered(3))
    const begun = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const { messages } = reading(bus, topic, 'late', async (batch) => {
      begun.resolve()
      await goOn.promise
      await batch.commit()
    })
    await begun.promise
    const channel = await otherClient()
    const before = `${options.prefix}.${topic}.late.before`
    for (const { id, key, body } of numbered(20, { first: 3 })) {
      const properties = { messageId: id, persistent: true, headers: { 'andon-key': key } }
      channel.sendToQueue(before, Buffer.from(body), properties)
    }
    await channel.waitForConfirms()
    goOn.resolve()
    await eventually(23, messages)
    await bus.publish(topic, numbered(1, { first: 23 }))
    await eventually(24, messages)
    expect(idsOf(messages)).toEqual(idsOf(numbered(24)))
    expect(await messagesIn(url, before)).toBe(0)
  })

  it('says nothing of priorities to quorum queues, which from RabbitMQ 4.3 on would put even the past in their order', async () => {
    const { bus, options, topic } = withBus({ priorities: 3 })
    await bus.publish(topic, numbered(1))
    const channel = await otherClient()
    const { queue } = await channel.assertQueue('', { exclusive: true })
    await channel.bindQueue(queue, `${options.prefix}.${topic}`, '#')
    await bus.publish(topic, numbered(1, { first: 1, priority: 1 }))
    const message = await channel.get(queue, { noAck: true })
    expect(message).toMatchObject({ properties: { priority: undefined, headers: { 'andon-priority': 1 } } })
  })

  it('sends on what a caller publishes all at once, however much', async () => {
    const { bus, topic } = withBus({ groups: ['crew'], history: false })
    const { messages } = reading(bus, topic, 'crew')
    await bus.publish(topic, numbered(20_000, { keys: 100 }))
    await expect.poll(() => messages.length, { timeout: 20_000 }).toBe(20_000)
  })

  it('refuses a message that AMQP has no room for, and stays well', async () => {
    const { bus, topic } = withBus()
    const long = { id: 'x'.repeat(300), key: 'k', body: Buffer.from('x') }
    await expect(bus.publish(topic, [long])).rejects.toMatchObject({ code: 'BUS_FAILED', retryable: false })
    const wide = { id: 'm', key: 'k', body: Buffer.from('x'), headers: { note: 'x'.repeat(200_000) } }
    await expect(bus.publish(topic, [wide])).rejects.toMatchObject({ code: 'BUS_FAILED', retryable: false })
    await bus.publish(topic, numbered(3))
    const { messages } = reading(bus, topic, 'crew')
    await eventually(3, messages)
  })
})
