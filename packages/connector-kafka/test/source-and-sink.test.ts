import { kafkaSink, kafkaSource } from '@andon/connector-kafka'
import type { LoggedMessage, RawPayload } from '@andon/core/connector'
import { sampleEvent } from '@andon/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { describeWith, servers } from '../../../test/support/servers.js'
import { busesOn, eventually, message, readAll } from './support/broker.js'

const forever = (): AbortSignal => new AbortController().signal
const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const textOf = ({ body }: RawPayload): string =>
  Buffer.from(body instanceof Uint8Array ? body : []).toString()

describeWith('what Kafka brings and takes', servers.kafka, ({ brokers }) => {
  const own = () => {
    const buses = busesOn(brokers)
    onTestFinished(() => buses.close())
    return { buses, bus: buses.open() }
  }
  const sourceOf = (prefix: string, more: object = {}) => {
    const source = kafkaSource({
      brokers,
      topic: `${prefix}raw`,
      group: `${prefix}g`,
      sessionTimeoutMs: 6_000,
      ...more,
    })
    onTestFinished(() => source.close())
    return source
  }

  it('an event is found by its key, and carries its id, its media type and its trace', async () => {
    const { buses, bus } = own()
    const sink = kafkaSink({ brokers, topic: `${buses.prefix}events`, create: { partitions: 2 } })
    onTestFinished(() => sink.close())
    const event = sampleEvent(3, { traceparent: trace, partitionkey: '信号-7' })
    await sink.publish([event])
    const got: LoggedMessage[] = []
    const reading = readAll(bus, 'events', 'readers', async (partition) => {
      for await (const batch of partition.read({ from: 0, signal: reading.signal })) got.push(...batch)
    })
    await eventually(() => got.length === 1, 'the event')
    await reading.stop()
    expect(got[0]).toMatchObject({
      id: event.id,
      key: '信号-7',
      headers: { 'content-type': 'application/cloudevents+json; charset=utf-8', traceparent: trace },
    })
  })

  it('a payload has the channel, the tenant and the trace that its headers say', async () => {
    const { buses, bus } = own()
    await bus.prepare([{ topic: 'raw', partitions: 1 }])
    const headers = {
      'andon-channel': 'wechat',
      'andon-tenant': 'acme',
      traceparent: trace,
      tracestate: 'a=1',
      'content-type': 'text/xml',
    }
    await bus.publish('raw', [{ ...message('1'), headers }, message('2')])
    for await (const { items } of sourceOf(buses.prefix).receive({ signal: forever() })) {
      expect(items[0]).toMatchObject({
        channel: 'wechat',
        tenant: 'acme',
        traceparent: trace,
        contentType: 'text/xml',
        headers,
      })
      expect(items[1]).not.toHaveProperty('channel')
      break
    }
    for await (const { items } of sourceOf(buses.prefix, { channel: 'web', tenant: 'other' }).receive({
      signal: forever(),
    })) {
      expect(items.map(({ channel, tenant }) => [channel, tenant])).toEqual([
        ['web', 'other'],
        ['web', 'other'],
      ])
      break
    }
  })

  it('it goes on after the position it is given, or after what the broker was told, whichever is further on', async () => {
    const { buses, bus } = own()
    await bus.prepare([{ topic: 'raw', partitions: 1 }])
    await bus.publish(
      'raw',
      Array.from({ length: 10 }, (_, index) => message(`${index}`)),
    )
    const topic = `${buses.prefix}raw`
    const first = async (resumeFrom?: {
      topic: string
      offsets: Record<string, number>
    }): Promise<string> => {
      const source = sourceOf(buses.prefix, { batchSize: 2 })
      const context = { signal: forever(), ...(resumeFrom && { resumeFrom }) }
      for await (const batch of source.receive(context)) {
        await batch.commit()
        await source.close()
        return batch.items.map(textOf).join()
      }
      return ''
    }
    expect(await first()).toBe('0,1')
    expect(await first({ topic, offsets: { 0: 5 } })).toBe('5,6')
    // Another process has come further meanwhile.
    expect(await first({ topic, offsets: { 0: 2 } })).toBe('7,8')
    expect(await first({ topic: 'another', offsets: { 0: 0 } })).toBe('9')
  })

  // Five times: what two members do in the moment of sharing depends on who is quicker.
  it.each([1, 2, 3, 4, 5])(
    'two processes of one group share a topic, and both positions are of their own partitions (%i)',
    async () => {
      const { buses, bus } = own()
      await bus.prepare([{ topic: 'raw', partitions: 4 }])
      const stopper = new AbortController()
      const seen = [new Set<string>(), new Set<string>()]
      let longestCommitMs = 0
      const running = seen.map(async (mine) => {
        for await (const batch of sourceOf(buses.prefix).receive({ signal: stopper.signal })) {
          for (const item of batch.items) mine.add(textOf(item))
          const begun = performance.now()
          await batch.commit()
          longestCommitMs = Math.max(longestCommitMs, performance.now() - begun)
        }
      })
      let sent = 0
      await eventually(async () => {
        await bus.publish(
          'raw',
          Array.from({ length: 20 }, () => message(`${sent++}`, `key ${sent % 40}`)),
        )
        return seen.every((mine) => mine.size > 0)
      }, 'a share for both')
      await eventually(() => new Set(seen.flatMap((mine) => [...mine])).size === sent, 'everything')
      stopper.abort()
      await Promise.all(running)
      // One that waited for the group to share its partitions would have waited for half a session: 3 s.
      expect(longestCommitMs).toBeLessThan(2_500)
    },
  )
})
