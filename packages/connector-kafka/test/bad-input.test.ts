import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { avroCodec, type KafkaConnection, kafkaBus, kafkaSource } from '@andon/connector-kafka'
import { Admin, Producer } from '@platformatic/kafka'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { describeWith, servers } from '../../../test/support/servers.js'
import { busesOn, eventually, message, ownPrefix, readAll } from './support/broker.js'

const forever = (): AbortSignal => new AbortController().signal

describeWith('bad input on a real Kafka', servers.kafka, ({ brokers, sasl, tls }) => {
  const own = () => {
    const buses = busesOn(brokers)
    onTestFinished(() => buses.close())
    return buses
  }
  const bare = () => {
    const options = { clientId: 'stranger', bootstrapBrokers: [...brokers] }
    const producer = new Producer(options)
    const admin = new Admin(options)
    onTestFinished(async () => {
      await producer.close()
      await admin.close()
    })
    return { producer, admin }
  }
  /** The first messages of partition 0, from a position on. */
  const firstOf = async (bus: ReturnType<ReturnType<typeof own>['open']>, topic: string, from: number) => {
    for await (const partition of bus.partitions({ topics: [topic], group: 'first', signal: forever() })) {
      if (partition.number !== 0) continue
      for await (const batch of partition.read({ from, signal: forever() })) {
        await partition.release()
        return batch
      }
    }
    return []
  }

  it('a message that is too large fails its own publish, and nobody else’s', async () => {
    const { admin } = bare()
    const buses = own()
    const bus = buses.open()
    const topic = `${buses.prefix}topic`
    await admin.createTopics({
      topics: [{ topic, partitions: 1, replicas: 1 }],
      configs: [{ name: 'max.message.bytes', value: '2000' }],
    })
    await bus.publish('topic', [message('0')])
    const publishes = Array.from({ length: 30 }, (_, index) =>
      bus.publish('topic', [message(`${index + 1}`, 'key', 'x'.repeat(index === 17 ? 5_000 : 300))]),
    )
    const results = await Promise.allSettled(publishes)
    expect(results.map(({ status }) => status)).toEqual(
      results.map((_, index) => (index === 17 ? 'rejected' : 'fulfilled')),
    )
    await expect(publishes[17]).rejects.toMatchObject({ code: 'BUS_FAILED', retryable: false })
    await bus.publish('topic', [message('after')])
    const ids: string[] = []
    const reading = readAll(bus, 'topic', 'group', async (partition) => {
      for await (const batch of partition.read({ from: 0, signal: reading.signal }))
        ids.push(...batch.map(({ id }) => id))
    })
    await eventually(() => ids.includes('after'), 'the last message')
    await reading.stop()
    expect(ids).toEqual([
      '0',
      ...Array.from({ length: 30 }, (_, index) => `${index + 1}`).filter((id) => id !== '18'),
      'after',
    ])
  })

  it('messages of strangers are read: without id, key or value, compressed, and in transactions', async () => {
    const { producer } = bare()
    const buses = own()
    const bus = buses.open()
    await bus.prepare([{ topic: 'topic', partitions: 1 }])
    const topic = `${buses.prefix}topic`
    const at = { topic, partition: 0 }
    await producer.send({ acks: -1, messages: [{ ...at, value: Buffer.from('plain') }] })
    for (const compression of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
      await producer.send({
        acks: -1,
        compression,
        messages: [{ ...at, key: Buffer.from('k'), value: Buffer.from(compression) }],
      })
    }
    const transacting = new Producer({
      clientId: 'stranger',
      bootstrapBrokers: [...brokers],
      idempotent: true,
      transactionalId: ownPrefix(),
      timeout: 30_000,
      producerId: -1n,
      producerEpoch: -1,
    })
    for (const end of ['abort', 'commit'] as const) {
      const transaction = await transacting.beginTransaction()
      await transaction.send({ messages: [{ ...at, value: Buffer.from(`of a transaction: ${end}`) }] })
      await transaction[end]()
    }
    await transacting.close()
    await bus.publish('topic', [message('ours')])
    const bodies: string[] = []
    const ids: string[] = []
    const reading = readAll(bus, 'topic', 'group', async (partition) => {
      for await (const batch of partition.read({ from: 0, signal: reading.signal })) {
        ids.push(...batch.map(({ id }) => id))
        bodies.push(...batch.map(({ body }) => Buffer.from(body).toString()))
      }
    })
    await eventually(() => ids.includes('ours'), 'the last message')
    await reading.stop()
    expect(bodies).toEqual(['plain', 'gzip', 'snappy', 'lz4', 'zstd', 'of a transaction: commit', 'ours'])
    expect(ids.slice(0, 2)).toEqual([`${topic}/0/0`, `${topic}/0/1`])
  })

  it('a source hands on what cannot be decoded, in its place, and goes on', async () => {
    const buses = own()
    const bus = buses.open()
    await bus.prepare([{ topic: 'raw', partitions: 1 }])
    await bus.publish('raw', [
      message('1', 'k', 'not Avro'),
      message('2', 'k', '\u0000\u0000\u0000\u0000\u0063'),
      message('3'),
    ])
    const registry = { schema: async () => undefined, register: async () => 1 }
    const source = kafkaSource({
      brokers,
      topic: `${buses.prefix}raw`,
      group: `${buses.prefix}g`,
      channel: 'web',
      value: avroCodec({ registry }),
    })
    onTestFinished(() => source.close())
    for await (const batch of source.receive({ signal: forever() })) {
      expect(batch.items.map(({ headers }) => headers?.['andon-undecodable'])).toEqual([
        'no Avro value with the number of its schema',
        'the registry has no schema 99',
        'no Avro value with the number of its schema',
      ])
      expect(batch.items.map(({ body }) => String(body))).toEqual([
        'not Avro',
        '\u0000\u0000\u0000\u0000c',
        '3',
      ])
      await batch.commit()
      break
    }
  })

  it('a topic with more partitions than configured is a warning, one with fewer an error; neither is changed', async () => {
    const buses = own()
    await buses.open().prepare([{ topic: 'feedback.toys', partitions: 3 }])
    const wide = buses.open({ topics: { 'feedback.*': { partitions: 2 } } })
    await wide.publish('feedback.toys', [message('1')])
    expect(await wide.check()).toEqual({
      ok: true,
      detail: `the topic ${buses.prefix}feedback.toys has 3 partitions, 2 are configured`,
    })
    const narrow = buses.open({ topics: { 'feedback.*': { partitions: 16 } } })
    const refusal = await narrow.publish('feedback.toys', [message('1')]).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'BUS_FAILED', retryable: false })
    expect(String(refusal)).toContain('has 3 partitions, and 16 are needed')
    const { admin } = bare()
    const { topics } = await admin.metadata({ topics: [`${buses.prefix}feedback.toys`] })
    expect(topics.get(`${buses.prefix}feedback.toys`)?.partitionsCount).toBe(3)
  })

  it('topics are made as configured: 16 partitions for appliances, raw for 7 days, aggregates compacted', async () => {
    const buses = own()
    const bus = buses.open()
    await bus.prepare([
      { topic: 'feedback.appliance' },
      { topic: 'feedback.toys' },
      { topic: 'aggregates.hourly' },
    ])
    const { admin } = bare()
    const names = ['feedback.appliance', 'feedback.toys', 'aggregates.hourly'].map(
      (name) => buses.prefix + name,
    )
    const { topics } = await admin.metadata({ topics: [...names] })
    expect(names.map((name) => topics.get(name)?.partitionsCount)).toEqual([16, 8, 8])
    const described = await admin.describeConfigs({
      resources: names.map((resourceName) => ({ resourceType: 2, resourceName, configurationKeys: null })),
    })
    const settings = (name: string) =>
      Object.fromEntries(
        described
          .find(({ resourceName }) => resourceName === name)
          ?.configs.map((config) => [config.name, config.value]) ?? [],
      )
    expect(settings(names[0] ?? '')).toMatchObject({
      'cleanup.policy': 'delete',
      'retention.ms': '604800000',
      'message.timestamp.type': 'LogAppendTime',
    })
    expect(settings(names[2] ?? '')).toMatchObject({ 'cleanup.policy': 'compact' })
  })

  it('a topic that may not be made is an error at once', async () => {
    const buses = own()
    await expect(buses.open({ createTopics: false }).publish('absent', [message('1')])).rejects.toMatchObject(
      { code: 'BUS_FAILED', retryable: false },
    )
    const source = kafkaSource({ brokers, topic: `${buses.prefix}absent` })
    onTestFinished(() => source.close())
    const step = source.receive({ signal: forever() })[Symbol.asyncIterator]().next()
    await expect(step).rejects.toMatchObject({ code: 'SOURCE_FAILED', retryable: false })
  })

  it('what is no longer kept is left out; a position that was never there is an error', async () => {
    const { admin } = bare()
    const buses = own()
    const bus = buses.open()
    await bus.prepare([{ topic: 'topic', partitions: 1 }])
    for (let index = 0; index < 5; index += 1) await bus.publish('topic', [message(`${index}`)])
    await admin.deleteRecords({
      topics: [{ name: `${buses.prefix}topic`, partitions: [{ partition: 0, offset: 3n }] }],
    })
    expect((await firstOf(bus, 'topic', 0)).map(({ position }) => position)).toEqual([3, 4])
    await expect(firstOf(bus, 'topic', 1_000)).rejects.toMatchObject({
      code: 'BUS_FAILED',
      retryable: false,
      message: expect.stringContaining('ends at 5, and 1000 was asked for'),
    })
  })

  it('partitions that somebody adds to a topic are read, too, and the group keeps what it has', async () => {
    const { admin } = bare()
    const buses = own()
    const bus = buses.open({ refreshMs: 1_000 })
    await bus.prepare([{ topic: 'topic', partitions: 2 }])
    const given: number[] = []
    let lost = 0
    const reading = readAll(bus, 'topic', 'group', async (partition) => {
      given.push(partition.number)
      partition.lost.addEventListener('abort', () => {
        lost += 1
      })
      for await (const batch of partition.read({ from: 0, signal: reading.signal }))
        expect(batch.length).toBeGreaterThan(0)
    })
    await eventually(() => given.length === 2, 'both partitions')
    await admin.createPartitions({ topics: [{ name: `${buses.prefix}topic`, count: 5, assignments: null }] })
    await eventually(() => given.length === 5, 'the new partitions')
    expect(lost).toBe(0)
    await reading.stop()
    expect(given.toSorted()).toEqual([0, 1, 2, 3, 4])
  })

  it('a process whose clock is behind dates nothing back: the broker stamps', async () => {
    const bus = own().open()
    await bus.prepare([{ topic: 'topic', partitions: 1 }])
    const now = Date.now()
    const clock = vi.spyOn(Date, 'now').mockReturnValue(now - 86_400_000)
    await bus.publish('topic', [message('late')]).finally(() => clock.mockRestore())
    const [late] = await firstOf(bus, 'topic', 0)
    expect(Math.abs((late?.at ?? 0) - now)).toBeLessThan(60_000)
  })

  it('the lag of a group is what is behind what it has committed', async () => {
    const bus = own().open()
    await bus.prepare([{ topic: 'topic', partitions: 1 }])
    await bus.publish(
      'topic',
      Array.from({ length: 9 }, (_, index) => message(`${index}`)),
    )
    for await (const partition of bus.partitions({
      topics: ['topic'],
      group: 'quality',
      signal: forever(),
    })) {
      await partition.commit(4)
      break
    }
    expect(await bus.lag('quality')).toEqual([{ topic: 'topic', partition: 0, committed: 4, end: 9, lag: 5 }])
    expect(await bus.lag('nobody')).toEqual([])
  })

  describe.skipIf(tls === undefined)('with TLS', () => {
    const connect = (options: KafkaConnection['tls']) => {
      const bus = kafkaBus({
        brokers: tls?.brokers ?? [],
        prefix: ownPrefix(),
        ...(options !== undefined && { tls: options }),
        deliveryTimeoutMs: 10_000,
      })
      onTestFinished(() => bus.close())
      return bus
    }
    const ca = tls === undefined ? '' : readFileSync(tls.ca, 'utf8')

    it('a broker whose certificate is trusted is spoken to', async () => {
      const bus = connect({ ca })
      await bus.publish('topic', [message('1')])
      expect(await bus.check()).toEqual({ ok: true })
    })

    it('one whose certificate is not trusted is refused at once', async () => {
      const began = performance.now()
      await expect(connect(true).publish('topic', [message('1')])).rejects.toMatchObject({
        code: 'BUS_FAILED',
        retryable: false,
        message: expect.stringContaining('TLS failed'),
        text: { zh: expect.stringContaining('TLS 失败') },
      })
      expect(performance.now() - began).toBeLessThan(5_000)
    })

    it('no TLS to a port that wants it is an error that says so', async () => {
      await expect(connect(undefined).publish('topic', [message('1')])).rejects.toMatchObject({
        code: 'BUS_FAILED',
        message: expect.stringMatching(/TLS|not written|looking for the topic/),
      })
    })
  })

  describe.skipIf(sasl === undefined)('with a login', () => {
    const login = sasl ?? { brokers: [], mechanisms: [], username: '', password: '' }
    const connect = (more: Partial<KafkaConnection>) => {
      const bus = kafkaBus({ brokers: login.brokers, prefix: ownPrefix(), ...more })
      onTestFinished(() => bus.close())
      return bus
    }
    const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const

    it.each(mechanisms)(
      '%s lets in who has the password, given as it is or by a function',
      async (mechanism) => {
        const { username, password } = login
        await connect({ sasl: { mechanism, username, password } }).publish('topic', [message('1')])
        await connect({
          sasl: { mechanism, username: () => username, password: async () => password },
        }).publish('topic', [message('1')])
      },
    )

    it.each(mechanisms)(
      '%s with a wrong password fails at once, in both languages, and shows nothing of it',
      async (mechanism) => {
        const password = 'wrong-password-4711'
        const bus = connect({ sasl: { mechanism, username: login.username, password } })
        const began = performance.now()
        const error = await bus.publish('topic', [message('1')]).catch((thrown: unknown) => thrown)
        expect(performance.now() - began).toBeLessThan(10_000)
        expect(error).toMatchObject({
          code: 'BUS_FAILED',
          retryable: false,
          message: expect.stringContaining('refused the credentials'),
          text: { zh: expect.stringContaining('服务器拒绝了凭据') },
        })
        const step = bus
          .partitions({ topics: ['topic'], group: 'g', signal: forever() })
          [Symbol.asyncIterator]()
          .next()
        await expect(step).rejects.toMatchObject({ code: 'BUS_FAILED', retryable: false })
        const health = await bus.check()
        expect(health.ok).toBe(false)
        expect(inspect([error, health], { depth: 12, showHidden: true })).not.toContain(password)
      },
    )

    it('TLS to a port that does not speak it, and none to one that wants a login, are errors that say so', async () => {
      await expect(
        connect({ tls: true, deliveryTimeoutMs: 5_000 } as Partial<KafkaConnection>).publish('topic', [
          message('1'),
        ]),
      ).rejects.toMatchObject({ code: 'BUS_FAILED' })
      await expect(
        connect({ deliveryTimeoutMs: 3_000 } as Partial<KafkaConnection>).publish('topic', [message('1')]),
      ).rejects.toMatchObject({ code: 'BUS_FAILED' })
    })
  })
})
