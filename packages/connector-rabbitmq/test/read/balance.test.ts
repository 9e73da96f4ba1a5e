import { randomUUID } from 'node:crypto'
import { connect } from 'amqplib'
import { expect, it, onTestFinished } from 'vitest'
import { describeWith, servers } from '../../../../test/support/servers.js'
import { keepBalance } from '../../src/read/balance.js'
import type { ShardChannel } from '../../src/read/shard-channel.js'

describeWith('the balance of a group', servers.rabbitmq, ({ url }) => {
  async function withMembers(others: number) {
    const model = await connect(url)
    const channel = await model.createChannel()
    const members = `test-members-${randomUUID().slice(0, 8)}`
    await channel.assertQueue(members, { durable: true })
    const join = () => channel.consume(members, () => undefined, { noAck: true })
    for (let index = 0; index < others; index += 1) await join()
    const stopper = new AbortController()
    let [looks, given] = [0, 0]
    // Whatever is given back comes back at once, as it does when the others have their share.
    const shard = {
      ...{ isActive: true, isLeaving: false },
      async leave() {
        given += 1
      },
    }
    const balancing = keepBalance({
      ...{ model, members, shards: 4, everyMs: 2, ended: stopper.signal },
      read: () => {
        looks += 1
        return [shard, shard] as unknown as ShardChannel[]
      },
      failed: (problem) => expect.unreachable(problem),
    })
    onTestFinished(async () => {
      stopper.abort()
      await balancing
      await channel.deleteQueue(members)
      await model.close()
    })
    return { join, looks: () => looks, given: () => given }
  }
  const reach = (count: number, value: () => number) =>
    expect.poll(value, { timeout: 20_000, interval: 5 }).toBeGreaterThanOrEqual(count)

  it('gives back what is more than its share, and less and less often where that is of no use', async () => {
    // Of four members two take nothing.
    const { looks, given } = await withMembers(3)
    await reach(5, given)
    expect(looks()).toBeLessThan(20)
    await reach(250, looks)
    expect(given()).toBeLessThan(16)
  })

  it('begins anew when members come', async () => {
    const { join, looks, given } = await withMembers(3)
    await reach(150, looks)
    const [before, at] = [given(), looks()]
    await join()
    await reach(before + 5, given)
    expect(looks() - at).toBeLessThan(40)
  })

  it('keeps what is its share', async () => {
    const { looks, given } = await withMembers(1)
    await reach(30, looks)
    expect(given()).toBe(0)
  })
})
