import { randomUUID } from 'node:crypto'
import { rabbitSink, rabbitSource } from '@andon/connector-rabbitmq'
import type { RawPayload } from '@andon/core/connector'
import { sampleEvent } from '@andon/testkit'
import { connect, type Options } from 'amqplib'
import { expect, it, onTestFinished } from 'vitest'
import { describeWith, servers } from '../../../test/support/servers.js'

describeWith('a queue of feedback', servers.rabbitmq, ({ url }) => {
  async function withQueue() {
    const queue = `test-source-${randomUUID().slice(0, 8)}`
    const model = await connect(url)
    const channel = await model.createConfirmChannel()
    await channel.assertQueue(queue, { durable: true })
    onTestFinished(async () => {
      await channel.deleteQueue(queue)
      await model.close()
    })
    const send = async (properties: Options.Publish) => {
      channel.sendToQueue(queue, Buffer.from('{"text":"起火"}'), properties)
      await channel.waitForConfirms()
    }
    return { queue, send }
  }
  async function first(
    options: Partial<Parameters<typeof rabbitSource>[0]> & { queue: string },
  ): Promise<RawPayload | undefined> {
    const source = rabbitSource({ url, ...options })
    onTestFinished(() => source.close())
    for await (const batch of source.receive({ signal: new AbortController().signal })) {
      await batch.commit()
      return batch.items[0]
    }
    return undefined
  }

  it('becomes payloads with what the message says of itself', async () => {
    const { queue, send } = await withQueue()
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    await send({
      contentType: 'application/json',
      messageId: 'crm-1',
      timestamp: 1_770_000_000,
      headers: { 'andon-channel': 'wechat', 'andon-tenant': 'plant-2', traceparent, shift: 3 },
    })
    const payload = await first({ queue })
    expect(payload).toMatchObject({
      channel: 'wechat',
      tenant: 'plant-2',
      contentType: 'application/json',
      receivedAt: 1_770_000_000_000,
      traceparent,
      headers: { 'message-id': 'crm-1' },
    })
    expect(payload?.headers).not.toHaveProperty('shift')
    expect(Buffer.from(payload?.body instanceof Uint8Array ? payload.body : []).toString()).toBe(
      '{"text":"起火"}',
    )
  })

  it('a sender cannot choose another tenant or channel where the options say which', async () => {
    const { queue, send } = await withQueue()
    await send({ headers: { 'andon-channel': 'wechat', 'andon-tenant': 'somebody-else' } })
    expect(await first({ queue, channel: 'web', tenant: 'plant-1' })).toMatchObject({
      channel: 'web',
      tenant: 'plant-1',
    })
  })

  it('a channel that nobody knows is left to be detected', async () => {
    const { queue, send } = await withQueue()
    await send({ headers: { 'andon-channel': 'carrier-pigeon' } })
    expect(await first({ queue })).not.toHaveProperty('channel')
  })

  it('a queue that is not there is an error that names it, and is made where that is wanted', async () => {
    const queue = `test-source-${randomUUID().slice(0, 8)}`
    await expect(first({ queue })).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
      retryable: false,
      message: expect.stringContaining(queue),
    })
    const source = rabbitSource({ url, queue, create: true })
    const stopped = source.receive({ signal: AbortSignal.timeout(300) })[Symbol.asyncIterator]()
    expect(await stopped.next()).toMatchObject({ done: true })
    await source.close()
    const model = await connect(url)
    const channel = await model.createChannel()
    expect(await channel.deleteQueue(queue)).toEqual({ messageCount: 0 })
    await model.close()
  })
})

describeWith('a sink', servers.rabbitmq, ({ url }) => {
  it('routes events by their types, and names them for readers that know nothing of CloudEvents', async () => {
    const exchange = `test-sink-${randomUUID().slice(0, 8)}`
    const sink = rabbitSink({ url, exchange, queue: false })
    const model = await connect(url)
    const channel = await model.createChannel()
    onTestFinished(async () => {
      await sink.close()
      await channel.deleteExchange(exchange)
      await model.close()
    })
    // Nobody has bound a queue to the first: a topic exchange drops it.
    await sink.publish([sampleEvent(0)])
    const { queue } = await channel.assertQueue('', { exclusive: true })
    await channel.bindQueue(queue, exchange, 'io.andon.signal.*')
    await sink.publish([sampleEvent(1), sampleEvent(2, { type: 'io.andon.signal.opened' })])
    const message = await channel.get(queue, { noAck: true })
    expect(message !== false && message.properties).toMatchObject({
      messageId: sampleEvent(2).id,
      type: 'io.andon.signal.opened',
      contentType: 'application/cloudevents+json; charset=utf-8',
      deliveryMode: 2,
    })
    expect(await channel.get(queue)).toBe(false)
  })
})
