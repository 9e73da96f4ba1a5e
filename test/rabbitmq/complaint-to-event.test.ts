import { randomUUID } from 'node:crypto'
import { rabbitSink, rabbitSource } from '@andon/connector-rabbitmq'
import type { CloudEvent } from '@andon/core/connector'
import { memoryTarget } from '@andon/testkit'
import { connect } from 'amqplib'
import { expect, it, onTestFinished } from 'vitest'
import { runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'
import { describeWith, servers } from '../support/servers.js'

const rules = `CREATE RULE grave AS SELECT component_batches.compressor AS batch FROM feedbacks WHERE severity_score > 9
  THEN material.hold (batch = batch, reason = 'grave report') ON plant;`

describeWith('a loop between two queues of a real RabbitMQ', servers.rabbitmq, ({ url }) => {
  it('a complaint in one becomes a hold, and events in the other; a message that is no complaint is quarantined', async () => {
    const [complaints, events] = ['complaints', 'events'].map(
      (what) => `test-${what}-${randomUUID().slice(0, 8)}`,
    )
    if (complaints === undefined || events === undefined) throw new RangeError('two queues')
    const source = rabbitSource({ url, queue: complaints, create: true, channel: 'web' })
    const sink = rabbitSink({ url, exchange: events, queue: events })
    const { andon } = await runLoop({
      rules,
      targets: { plant: memoryTarget() },
      sources: { hotline: source },
      sinks: { out: sink },
    })
    const model = await connect(url)
    const channel = await model.createConfirmChannel()
    onTestFinished(async () => {
      await andon.close()
      await Promise.all([channel.deleteQueue(complaints), channel.deleteQueue(events)])
      await channel.deleteExchange(events)
      await model.close()
    })
    for (const queue of [complaints, events]) {
      await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
    }
    const text = '压缩机起火'
    for (const body of [
      webPayload({ id: 'q-1', at: start, severity: 9.5, text, language: 'zh-CN' }).body,
      'no complaint',
    ]) {
      channel.sendToQueue(complaints, Buffer.from(body), { persistent: true })
    }
    await channel.waitForConfirms()
    const got: CloudEvent[] = []
    await expect
      .poll(
        async () => {
          for (let next = await channel.get(events, { noAck: true }); next !== false; ) {
            got.push(JSON.parse(next.content.toString()))
            next = await channel.get(events, { noAck: true })
          }
          return got.map(({ type }) => type)
        },
        { timeout: 15_000 },
      )
      .toEqual(
        ['signal.opened', 'action.proposed', 'action.executing', 'action.succeeded', 'signal.contained'].map(
          (what) => `io.andon.${what}`,
        ),
      )
    expect(JSON.stringify(got)).toContain(text)
    const [quarantined] = await andon.quarantine.list()
    expect(quarantined).toMatchObject({ source: 'hotline', raw: { payload: 'no complaint' } })
    expect((await channel.checkQueue(complaints)).messageCount).toBe(0)
  })
})
