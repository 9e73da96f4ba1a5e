import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { rabbitBus, rabbitSink, rabbitSource } from '@andon/connector-rabbitmq'
import type { Batch } from '@andon/core/connector'
import { sampleEvent } from '@andon/testkit'
import { connect } from 'amqplib'
import { expect, it, onTestFinished } from 'vitest'
import { describeWith, servers } from '../../../test/support/servers.js'
import { ownOptions } from './support/given.js'
import { startProxy } from './support/proxy.js'
import { idsOf, numbered, reading } from './support/reading.js'

interface Plugin {
  close(): Promise<void>
}

/** Commits `count`, tells the reader to end, and closes so many steps later, when it is somewhere on its way out. */
async function commitAndClose<T>(
  batches: (signal: AbortSignal) => AsyncIterable<Batch<T>>,
  plugin: Plugin,
  count: number,
  step: () => Promise<unknown>,
  steps: number,
): Promise<void> {
  const stopper = new AbortController()
  let left = count
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    for (let at = 0; at < steps; at += 1) await step()
    await plugin.close()
  }
  for await (const { items, commit } of batches(stopper.signal)) {
    await commit()
    left -= items.length
    if (left > 0) continue
    stopper.abort()
    closing = close()
  }
  await closing
}

describeWith('what is closed', servers.rabbitmq, ({ url }) => {
  it.each([0, 1, 2, 3])(
    'a bus acknowledges what was committed, %i turns after its reader was aborted',
    async (turns) => {
      const options = ownOptions(url, { groups: ['crew'] })
      const [bus, other] = [rabbitBus(options), rabbitBus(options)]
      onTestFinished(() => other.close())
      await bus.publish('t', numbered(10))
      const consume = (signal: AbortSignal) => bus.consume({ topic: 't', group: 'crew', signal })
      await commitAndClose(consume, bus, 10, () => setImmediate(), turns)
      const { messages } = reading(other, 't', 'crew')
      // A key of each shard: what came back is before them.
      await other.publish('t', numbered(10, { first: 10 }))
      await expect.poll(() => idsOf(messages)).toContain('m-19')
      await expect.poll(() => messages.length).toBe(10)
      expect(idsOf(messages)).not.toContain('m-0')
    },
  )

  it.each([0, 1, 2, 5])(
    'a source acknowledges what was committed, %i steps after its reader was aborted',
    async (steps) => {
      const name = `test-${randomUUID().slice(0, 8)}`
      const given = { url, queue: name }
      const sink = rabbitSink({ url, exchange: name, queue: name })
      const [source, other] = [rabbitSource(given), rabbitSource(given)]
      onTestFinished(async () => {
        await Promise.all([sink.close(), other.close()])
        const model = await connect(url)
        const channel = await model.createChannel()
        await channel.deleteQueue(name)
        await channel.deleteExchange(name)
        await model.close()
      })
      await sink.publish([sampleEvent(0), sampleEvent(1)])
      const receive = (signal: AbortSignal) => source.receive({ signal })
      await commitAndClose(receive, source, 2, () => Promise.resolve(), steps)
      await sink.publish([sampleEvent(2)])
      for await (const { items } of other.receive({ signal: new AbortController().signal })) {
        expect(items.map(({ headers }) => headers?.['message-id'])).toEqual([sampleEvent(2).id])
        break
      }
    },
  )

  it('a bus that closes puts nothing off any more, and says so at once, also when the broker is silent', async () => {
    const proxy = await startProxy(url)
    onTestFinished(() => proxy.close())
    const bus = rabbitBus(ownOptions(proxy.url, { groups: ['crew'], deliveryTimeoutMs: 20_000 }))
    await bus.publish('t', numbered(1))
    for await (const batch of bus.consume({
      topic: 't',
      group: 'crew',
      signal: new AbortController().signal,
    })) {
      proxy.stall(true)
      const closing = bus.close()
      let isClosed = false
      void closing.then(() => {
        isClosed = true
      })
      await expect(batch.retryLater(batch.items, { delayMs: 1, reason: 'busy' })).rejects.toMatchObject({
        code: 'BUS_FAILED',
      })
      expect(isClosed).toBe(false)
      await closing
    }
  })
})
