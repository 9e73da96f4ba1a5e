import { kafkaSource } from '@andon/connector-kafka'
import { expect, it, onTestFinished } from 'vitest'
import { busesOn, eventually, message, readAll } from '../../packages/connector-kafka/test/support/broker.js'
import { privateServers } from '../support/private-servers.js'
import { describeWith, startedServers } from '../support/servers.js'

const patience = 180_000

/** A broker of this test's own, and buses on it. */
async function ownBroker() {
  const set = privateServers()
  const { kafka } = await set.up(['kafka'])
  const buses = busesOn(kafka?.brokers ?? [])
  onTestFinished(() => buses.close())
  return { set, buses, brokers: kafka?.brokers ?? [] }
}

describeWith('a broker that dies and comes back', startedServers.kafka, () => {
  it('nothing that was acknowledged is lost and each key keeps its order, through three kills in mid-stream', {
    timeout: patience,
  }, async () => {
    const { set, buses } = await ownBroker()
    const bus = buses.open({ deliveryTimeoutMs: 90_000 })
    await bus.prepare([{ topic: 'topic', partitions: 6 }])
    const next = new Map<string, number>()
    const problems: string[] = []
    const positions = new Map<number, number>()
    let got = 0
    let twice = 0
    const reader = buses.open()
    const reading = readAll(reader, 'topic', 'quality', async (partition) => {
      const from = positions.get(partition.number) ?? 0
      for await (const batch of partition.read({ from, signal: reading.signal })) {
        for (const { id, key, position } of batch) {
          const expected = next.get(key) ?? 0
          const number = Number(id.split(' ').at(-1))
          if (number < expected) twice += 1
          else if (number > expected) problems.push(`${key}: ${number} came, ${expected} did not`)
          else got += 1
          next.set(key, Math.max(expected, number + 1))
          positions.set(partition.number, position + 1)
        }
      }
    })
    let sent = 0
    let ended = false
    const counts = new Map<string, number>()
    const publishing = (async () => {
      while (!ended) {
        const batch = Array.from({ length: 40 }, () => {
          const key = `key ${sent % 23}`
          const count = counts.get(key) ?? 0
          counts.set(key, count + 1)
          sent += 1
          return message(`${key} ${count}`, key, 'x'.repeat(300))
        })
        await bus.publish('topic', batch)
      }
    })()
    for (let kill = 0; kill < 3; kill += 1) {
      const before = got
      await eventually(() => got > before + 1_000, 'messages to flow', patience)
      await set.kill('kafka', 'SIGKILL')
      await set.up(['kafka'])
    }
    const before = got
    await eventually(() => got > before + 1_000, 'messages to flow again', patience)
    ended = true
    await publishing
    await eventually(() => got === sent, `${sent} messages`, 60_000)
    await reading.stop()
    expect(problems).toEqual([])
    // The broker knows a batch by its number, so a second try of the same is not written again.
    expect(twice).toBe(0)
  })

  it('a member that hears nothing of the group is told that it has lost its partitions, and gets them again', {
    timeout: patience,
  }, async () => {
    const { set, buses } = await ownBroker()
    const bus = buses.open()
    await bus.prepare([{ topic: 'topic', partitions: 2 }])
    const given: number[] = []
    let lost = 0
    const reading = readAll(bus, 'topic', 'quality', async (partition) => {
      given.push(partition.number)
      await new Promise<void>((resolve) => partition.lost.addEventListener('abort', () => resolve()))
      lost += 1
    })
    await eventually(() => given.length === 2, 'both partitions')
    await set.kill('kafka', 'SIGSTOP')
    await eventually(() => lost === 2, 'the loss of both', 15_000)
    await set.kill('kafka', 'SIGCONT')
    await eventually(() => given.length >= 4, 'both again', 60_000)
    expect(given.toSorted()).toEqual([0, 0, 1, 1])
    await reading.stop()
  })

  it('a broker that hangs with a request in its hands: publishing ends at our deadline, and works when it goes on', {
    timeout: patience,
  }, async () => {
    const { set, buses } = await ownBroker()
    const bus = buses.open({ deliveryTimeoutMs: 1_500 })
    await bus.publish('topic', [message('1')])
    await set.kill('kafka', 'SIGSTOP')
    const began = performance.now()
    await expect(bus.publish('topic', [message('2')])).rejects.toMatchObject({
      code: 'BUS_FAILED',
      retryable: true,
      message: expect.stringContaining('not written within 1500 ms'),
    })
    expect(performance.now() - began).toBeLessThan(4_000)
    expect(await bus.check()).toMatchObject({ ok: false })
    await set.kill('kafka', 'SIGCONT')
    await eventually(
      () =>
        bus.publish('topic', [message('3')]).then(
          () => true,
          () => false,
        ),
      'publishing, after the broker has come back',
      60_000,
    )
    expect(await bus.check()).toMatchObject({ ok: true })
  })

  it('a group that consumes goes on by itself after a kill, and a source that begins meanwhile waits for the broker', {
    timeout: patience,
  }, async () => {
    const { set, buses, brokers } = await ownBroker()
    const bus = buses.open()
    await bus.prepare([{ topic: 'topic', partitions: 2 }])
    const got: string[] = []
    const stopper = new AbortController()
    const consuming = (async () => {
      const options = { topic: 'topic', group: 'quality', signal: stopper.signal }
      for await (const batch of bus.consume(options)) {
        got.push(...batch.items.map(({ id }) => id))
        // The broker may be gone just now: what is not committed comes again.
        await batch.commit().catch(() => undefined)
      }
    })()
    await bus.publish('topic', [message('before', 'a')])
    await eventually(() => got.includes('before'), 'the first message')
    await set.kill('kafka', 'SIGKILL')
    const source = kafkaSource({ brokers, topic: `${buses.prefix}topic`, group: `${buses.prefix}s` })
    onTestFinished(() => source.close())
    const first = source.receive({ signal: stopper.signal })[Symbol.asyncIterator]().next()
    await set.up(['kafka'])
    await bus.publish('topic', [message('after', 'a'), message('more', 'b')])
    await eventually(() => got.includes('after') && got.includes('more'), 'the others', 60_000)
    expect((await first).value?.items.length).toBeGreaterThan(0)
    stopper.abort()
    await consuming
  })
})
