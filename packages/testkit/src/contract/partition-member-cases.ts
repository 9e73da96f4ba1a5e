import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { handsOf, ledger, readSome } from './hands.js'
import type { PartitionedBusCaseId, PartitionedBusGiven } from './partitioned-bus-given.js'
import type { ContractCase } from './suite.js'
import { patience, promptly, within } from './waiting.js'

const message = (id: string) => ({ id, key: 'KX-500', body: Buffer.from(id) })

async function prepared(given: PartitionedBusGiven, partitions: number) {
  const topic = given.topic()
  await given.bus.prepare([{ topic, partitions }])
  return { topic, group: randomUUID(), ms: given.patienceMs ?? patience }
}

/** Who has which partition, and how it changes hands. */
export const memberCases: readonly ContractCase<PartitionedBusGiven, PartitionedBusCaseId>[] = [
  {
    id: 'all',
    sentence: 'a member that is alone has every partition of every topic it asked for',
    async check(given) {
      const topics = [given.topic(), given.topic()]
      await given.bus.prepare(topics.map((topic) => ({ topic, partitions: 2 })))
      const stopper = new AbortController()
      const got: string[] = []
      const run = async (): Promise<void> => {
        const options = { topics, group: randomUUID(), signal: stopper.signal }
        for await (const { topic, number } of given.bus.partitions(options)) {
          got.push(`${topic} ${number}`)
          if (got.length === 4) return
        }
      }
      await within(run(), given.patienceMs ?? patience, '4 partitions')
      assert.deepEqual(got.sort(), topics.flatMap((topic) => [`${topic} 0`, `${topic} 1`]).sort())
    },
  },
  {
    id: 'groups',
    sentence: 'each group has every partition',
    async check(given) {
      const { topic, ms } = await prepared(given, 3)
      const groups = [randomUUID(), randomUUID()].map((group) => handsOf(given.bus, topic, group))
      for (const hands of groups) await hands.until((held) => held.size === 3, ms, '3 partitions')
      for (const hands of groups) await hands.stop()
    },
  },
  {
    id: 'join',
    sentence:
      'who joins gets a share: the other hears of the loss first, and no partition is in two hands at once',
    async check(given) {
      const { topic, group, ms } = await prepared(given, 4)
      const book = ledger()
      const first = handsOf(given.bus, topic, group, book)
      await first.until((held) => held.size === 4, ms, 'all partitions')
      const other = await given.restart()
      const second = handsOf(other, topic, group, book)
      await second.until((held) => held.size === 2, ms, 'a share for the one who joins')
      await first.until((held) => held.size === 2, ms, 'a share for the one who was there')
      assert.deepEqual([...first.held.keys(), ...second.held.keys()].sort(), [0, 1, 2, 3])
      await second.stop()
      await first.stop()
      await other.close?.()
      assert.deepEqual(book.twice, [], 'partitions in two hands at once')
    },
  },
  {
    id: 'leave',
    sentence: 'what a member has that leaves is given to the others, who go on from any position',
    async check(given) {
      const { topic, group, ms } = await prepared(given, 4)
      const book = ledger()
      const other = await given.restart()
      const first = handsOf(given.bus, topic, group, book)
      const second = handsOf(other, topic, group, book)
      const shared = (held: ReadonlyMap<number, unknown>): boolean => held.size === 2
      await first.until(shared, ms, 'a share for the first')
      await second.until(shared, ms, 'a share for the second')
      const number = [...second.held.keys()][0] ?? 0
      await (await second.have(number, ms)).append([message('before')])
      await second.stop()
      await first.until((held) => held.size === 4, ms, 'all partitions, after the other has left')
      const taken = await first.have(number, ms)
      await taken.append([message('after')])
      const log = await readSome(taken, 0, 2, ms)
      assert.deepEqual(
        log.map(({ id }) => id),
        ['before', 'after'],
      )
      await first.stop()
      await other.close?.()
      assert.deepEqual(book.twice, [], 'partitions in two hands at once')
    },
  },
  {
    id: 'death',
    sentence: 'what a process has that is killed is given to the others within a bounded time',
    async check(given) {
      const { topic, group, ms } = await prepared(given, 4)
      const hands = handsOf(given.bus, topic, group)
      await hands.until((held) => held.size === 4, ms, 'all partitions')
      const stranger = await given.member(topic, group)
      await hands.until((held) => held.size === 2, ms, 'a share for the one who was there')
      await stranger.kill()
      await hands.until(
        (held) => held.size === 4,
        given.handoverMs ?? patience,
        'all, after the other has died',
      )
      await hands.stop()
    },
  },
  {
    id: 'release',
    sentence: 'a partition that is given back is given to a member again',
    async check(given) {
      const { topic, group, ms } = await prepared(given, 2)
      const hands = handsOf(given.bus, topic, group)
      const partition = await hands.have(1, ms)
      await partition.append([message('before')])
      await within(partition.release(), ms, 'giving back')
      await hands.until((held) => held.get(1) !== partition, ms, 'the partition, given again')
      const again = await hands.have(1, ms)
      assert.deepEqual(
        (await readSome(again, 0, 1, ms)).map(({ id }) => id),
        ['before'],
      )
      const step = partition
        .read({ from: 0, signal: new AbortController().signal })
        [Symbol.asyncIterator]()
        .next()
      assert.equal((await within(step, promptly, 'reading what was given back')).done, true)
      await hands.stop()
    },
  },
  {
    id: 'abort',
    sentence: 'an aborted signal ends the iteration promptly, and whoever still has partitions hears of it',
    async check(given) {
      const { topic, group, ms } = await prepared(given, 2)
      const hands = handsOf(given.bus, topic, group)
      await hands.until((held) => held.size === 2, ms, 'both partitions')
      const lost = [...hands.held.values()].map((partition) => partition.lost)
      await hands.stop()
      assert.ok(lost.every(({ aborted }) => aborted))
      const aborted = given.bus.partitions({ topics: [topic], group, signal: AbortSignal.abort() })
      const step = await within(
        aborted[Symbol.asyncIterator]().next(),
        promptly,
        'the end of what was aborted before',
      )
      assert.equal(step.done, true)
    },
  },
]
