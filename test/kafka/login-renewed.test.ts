import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { NodeLine } from '../../packages/connector-kafka/src/cluster/node-line.js'
import { kafkaBus } from '../../packages/connector-kafka/src/kafka-bus.js'
import {
  eventually,
  message,
  ownPrefix,
  readAll,
} from '../../packages/connector-kafka/test/support/broker.js'
import { type PrivateServers, privateServers } from '../support/private-servers.js'
import { describeWith, startedServers } from '../support/servers.js'

const patience = 120_000
/** How long a login lasts; the client renews it after four fifths of that (ms). */
const loginMs = 6_000

/** The lines of this process that are used from now on, and how often the login of each was renewed. */
function watchLines(): ReadonlyMap<NodeLine, number> {
  const renewals = new Map<NodeLine, number>()
  const { ask } = NodeLine.prototype
  const spy = vi.spyOn(NodeLine.prototype, 'ask').mockImplementation(function (this: NodeLine, ...asked) {
    if (!renewals.has(this)) {
      renewals.set(this, 0)
      this.connection.on('sasl:authentication:extended', () => {
        renewals.set(this, (renewals.get(this) ?? 0) + 1)
      })
    }
    return ask.apply(this, asked)
  })
  onTestFinished(() => {
    spy.mockRestore()
  })
  return renewals
}

describeWith('a broker at which a login lasts six seconds', startedServers.kafka, () => {
  let kafka: Awaited<ReturnType<PrivateServers['up']>>['kafka']

  beforeAll(async () => {
    vi.stubEnv('ANDON_KAFKA_LOGIN_MS', `${loginMs}`)
    const brought = await privateServers(afterAll).up(['kafka']).finally(vi.unstubAllEnvs)
    kafka = brought.kafka
  }, patience)

  it.each(['plain', 'scram-sha-512'] as const)(
    '%s: lines live through two renewals while they publish and read: nothing lost, nothing out of order, no error',
    { timeout: patience },
    async (mechanism) => {
      const { brokers = [], username = '', password = '' } = kafka?.sasl ?? {}
      const bus = kafkaBus({ brokers, prefix: ownPrefix(), sasl: { mechanism, username, password } })
      onTestFinished(() => bus.close())
      await bus.prepare([{ topic: 'topic', partitions: 4 }])
      const next = new Map<string, number>()
      const problems: string[] = []
      const reading = readAll(bus, 'topic', 'group', async (partition) => {
        for await (const batch of partition.read({ from: 0, signal: reading.signal })) {
          for (const { id, key } of batch) {
            if (Number(id) !== (next.get(key) ?? 0)) problems.push(`${key}: ${id} after ${next.get(key)}`)
            next.set(key, Number(id) + 1)
          }
        }
      })
      // A broker that has just begun answers some with a refusal that passes.
      await bus.publish('topic', [message('0', 'first')])
      await eventually(() => next.has('first'), 'the first message')
      const lines = watchLines()
      let ended = false
      const publishers = Array.from({ length: 6 }, async (_, publisher) => {
        let sent = 0
        for (; !ended; sent += 1) await bus.publish('topic', [message(`${sent}`, `key ${publisher}`)])
        return sent
      })
      const renewed = (): boolean => [...lines.values()].every((times) => times >= 2)
      await eventually(() => lines.size > 1 && renewed(), 'two renewals', patience / 2).finally(() => {
        ended = true
      })
      const sent = await Promise.all(publishers)
      await eventually(
        () => sent.every((count, publisher) => next.get(`key ${publisher}`) === count),
        'all messages',
      )
      // None was closed and opened anew.
      expect([...lines.keys()].every(({ isOpen }) => isOpen)).toBe(true)
      await reading.stop()
      expect(problems).toEqual([])
    },
  )
})
