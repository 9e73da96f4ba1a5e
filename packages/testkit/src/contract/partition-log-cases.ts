import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { LoggedMessage, Message } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { type Hands, handsOf, readSome } from './hands.js'
import type { PartitionedBusCaseId, PartitionedBusGiven } from './partitioned-bus-given.js'
import { rejection } from './plugin-cases.js'
import { type ContractCase, needed } from './suite.js'
import { patience, promptly, settle, within } from './waiting.js'

const keys = ['KX-500', 'KX-700', '华南', 'ключ', '', 'plant 7 / line 2', '🧊'] as const

function messagesOf(first: number, count: number): readonly Message[] {
  return Array.from({ length: count }, (_, step) => {
    const index = first + step
    return {
      id: `message-${index}`,
      key: keys[index % keys.length] ?? '',
      body: Buffer.from(`body ${index} 起火\u0000`),
      headers: { traceparent: `trace-${index}` },
    }
  })
}

/** A topic with partitions, and all of them in one member's hands. */
async function ready(
  given: PartitionedBusGiven,
  partitions: number,
): Promise<{ readonly topic: string; readonly group: string; readonly hands: Hands; readonly ms: number }> {
  const topic = given.topic()
  const group = randomUUID()
  await given.bus.prepare([{ topic, partitions }])
  const hands = handsOf(given.bus, topic, group)
  const ms = given.patienceMs ?? patience
  await hands.until((held) => held.size === partitions, ms, `${partitions} partitions`)
  return { topic, group, hands, ms }
}

/** Everything in a topic's partitions, of which `count` messages are known to be there. */
async function readAll(
  hands: Hands,
  count: number,
  ms: number,
): Promise<ReadonlyMap<number, LoggedMessage[]>> {
  const logs = new Map<number, LoggedMessage[]>()
  const stopper = new AbortController()
  const finished = Promise.withResolvers<void>()
  let left = count
  const read = async (number: number): Promise<void> => {
    const partition = await hands.have(number, ms)
    for await (const batch of partition.read({ from: 0, signal: stopper.signal })) {
      logs.set(number, [...(logs.get(number) ?? []), ...batch])
      left -= batch.length
      if (left <= 0) finished.resolve()
    }
  }
  const reading = Promise.all([...hands.held.keys()].map(read))
  try {
    await within(Promise.race([finished.promise, reading]), ms, `${count} messages in all partitions`)
  } finally {
    stopper.abort()
    await within(reading, promptly, 'the end of reading after an abort')
  }
  return logs
}

const idsOf = (messages: readonly Message[]): readonly string[] => messages.map(({ id }) => id)

/** What a topic's log is. */
export const logCases: readonly ContractCase<PartitionedBusGiven, PartitionedBusCaseId>[] = [
  {
    id: 'creates',
    sentence: 'prepare creates a topic with the partitions that are asked for, numbered from 0 on',
    async check(given) {
      const { hands } = await ready(given, 3)
      assert.deepEqual([...hands.held.keys()].sort(), [0, 1, 2])
      await hands.stop()
    },
  },
  {
    id: 'kept',
    sentence: 'a topic that is there is left as it is: neither grown nor emptied',
    async check(given) {
      const { topic, hands, ms } = await ready(given, 3)
      await given.bus.publish(topic, messagesOf(0, 5))
      await given.bus.prepare([{ topic, partitions: 3 }])
      await given.bus.prepare([{ topic, partitions: 2 }])
      await readAll(hands, 5, ms)
      await hands.stop()
      const again = handsOf(given.bus, topic, randomUUID())
      await again.until((held) => held.size === 3, ms, 'the 3 partitions')
      await again.stop()
    },
  },
  {
    id: 'fewer',
    sentence:
      'a topic with fewer partitions than needed is refused, saying how many it has, and is not changed',
    async check(given) {
      const { topic, hands, ms } = await ready(given, 2)
      await hands.stop()
      const error = await rejection(
        given.bus.prepare([{ topic, partitions: 5 }]),
        'preparing a topic that is too small',
      )
      assert.ok(isAndonError(error, 'BUS_FAILED'))
      for (const part of [topic, '2', '5'])
        assert.ok(error.message.includes(part), `no ${part} in: ${error.message}`)
      assert.equal(error.retryable, false, 'trying again will not help')
      const again = handsOf(given.bus, topic, randomUUID())
      await again.until((held) => held.size === 2, ms, 'the 2 partitions')
      await again.stop()
    },
  },
  {
    id: 'keys',
    sentence: 'a key is in one partition, whichever process publishes it, and its messages keep their order',
    async check(given) {
      const { topic, hands, ms } = await ready(given, 5)
      const other = await given.restart()
      const sent = messagesOf(0, 70)
      for (let first = 0; first < sent.length; first += 14) {
        await (first % 28 === 0 ? given.bus : other).publish(topic, sent.slice(first, first + 14))
      }
      const logs = await readAll(hands, sent.length, ms)
      await hands.stop()
      await other.close?.()
      const where = [...logs].flatMap(([number, log]) => log.map(({ key }) => `${key} in ${number}`))
      assert.equal(new Set(where).size, keys.length, 'a key is in more than one partition')
      assert.ok(logs.size > 1, 'all keys are in one partition')
      for (const key of keys) {
        const got = [...logs.values()].flat().filter((message) => message.key === key)
        assert.deepEqual(
          idsOf(got),
          idsOf(sent.filter((message) => message.key === key)),
          `the order of ${key}`,
        )
      }
    },
  },
  {
    id: 'positions',
    sentence: 'positions grow along a partition, and are the same for everyone who reads it',
    async check(given) {
      const { topic, hands, ms } = await ready(given, 2)
      await given.bus.publish(topic, messagesOf(0, 40))
      const mine = await readAll(hands, 40, ms)
      await hands.stop()
      const other = await given.restart()
      const others = handsOf(other, topic, randomUUID())
      await others.until((held) => held.size === 2, ms, 'both partitions')
      const theirs = await readAll(others, 40, ms)
      await others.stop()
      await other.close?.()
      for (const [number, log] of mine) {
        const places = log.map(({ position }) => position)
        assert.ok(places.every((place) => Number.isSafeInteger(place) && place >= 0))
        assert.ok(
          log.every(({ at }) => Number.isSafeInteger(at) && at > 0),
          'at is no instant',
        )
        assert.deepEqual(
          places,
          [...new Set(places)].sort((a, b) => a - b),
          `positions of ${number} grow`,
        )
        assert.deepEqual(
          log.map(({ id, position }) => [id, position]),
          theirs.get(number)?.map(({ id, position }) => [id, position]),
        )
      }
    },
  },
  {
    id: 'content',
    sentence: 'a message arrives with its id, key, body and headers unchanged',
    async check(given) {
      const { topic, hands, ms } = await ready(given, 2)
      const sent = messagesOf(0, 14)
      await given.bus.publish(topic, sent)
      const logs = await readAll(hands, sent.length, ms)
      await hands.stop()
      const got = new Map([...logs.values()].flat().map((message) => [message.id, message]))
      for (const message of sent) {
        const found = got.get(message.id)
        assert.equal(found?.key, message.key)
        assert.deepEqual(Buffer.from(found?.body ?? []), message.body)
        assert.equal(found?.headers?.traceparent, message.headers?.traceparent)
      }
    },
  },
  {
    id: 'from',
    sentence: 'reading begins at the position that is asked for, whatever the group has committed',
    async check(given) {
      const { topic, hands, ms } = await ready(given, 1)
      await given.bus.publish(topic, messagesOf(0, 30))
      const partition = await hands.have(0, ms)
      const all = await readSome(partition, 0, 30, ms)
      const middle = all[12]
      assert.ok(middle !== undefined)
      await partition.commit(middle.position + 5)
      const later = await readSome(partition, middle.position, 18, ms)
      assert.deepEqual(idsOf(later), idsOf(all.slice(12)))
      const again = await readSome(partition, 0, 30, ms)
      assert.deepEqual(idsOf(again), idsOf(all))
      await hands.stop()
    },
  },
  {
    id: 'append',
    sentence: 'append puts messages at the end of that very partition, whatever their keys',
    async check(given) {
      const { topic, hands, ms } = await ready(given, 3)
      const sent = messagesOf(0, 14)
      for (const number of [0, 1, 2]) await (await hands.have(number, ms)).append(sent)
      for (const number of [0, 1, 2]) {
        const got = await readSome(await hands.have(number, ms), 0, sent.length, ms)
        assert.deepEqual(idsOf(got), idsOf(sent))
      }
      await (await hands.have(1, ms)).append([])
      await hands.stop()
      assert.ok(topic !== '')
    },
  },
  {
    id: 'waiting',
    sentence: 'at the end a reader waits, and gets soon what is published then',
    async check(given) {
      const { topic, hands, ms } = await ready(given, 1)
      const partition = await hands.have(0, ms)
      const stopper = new AbortController()
      const iterator = partition.read({ from: 0, signal: stopper.signal })[Symbol.asyncIterator]()
      for (let index = 0; index < 3; index += 1) {
        const step = iterator.next()
        await settle()
        await given.bus.publish(topic, messagesOf(index, 1))
        const { value } = await within(step, promptly, 'a message that was published while somebody waited')
        assert.deepEqual(idsOf(value ?? []), [`message-${index}`])
      }
      await iterator.return?.()
      await hands.stop()
    },
  },
  {
    id: 'read-ends',
    sentence:
      'a reader that waits ends promptly and without an error when its signal is aborted or the partition is lost',
    async check(given) {
      const { hands, ms } = await ready(given, 1)
      const partition = await hands.have(0, ms)
      const stopper = new AbortController()
      const open = (signal: AbortSignal) => partition.read({ from: 0, signal })[Symbol.asyncIterator]().next()
      const first = open(stopper.signal)
      await settle()
      stopper.abort()
      assert.equal((await within(first, promptly, 'the end after an abort')).done, true)
      assert.equal(
        (await within(open(stopper.signal), promptly, 'the end of what was aborted before')).done,
        true,
      )
      const second = open(new AbortController().signal)
      await settle()
      await hands.stop()
      assert.equal((await within(second, promptly, 'the end after a loss')).done, true)
    },
  },
  {
    id: 'read-backpressure',
    sentence: 'the iteration is the backpressure: a partition is not read ahead without bound',
    async check(given) {
      const { limit, pulled } = needed(given.readAhead, 'read-backpressure', 'readAhead')
      const { topic, hands, ms } = await ready(given, 1)
      const count = limit * 4 + 40
      for (let first = 0; first < count; first += 500) {
        await given.bus.publish(topic, messagesOf(first, Math.min(500, count - first)))
      }
      const partition = await hands.have(0, ms)
      const stopper = new AbortController()
      const iterator = partition.read({ from: 0, signal: stopper.signal })[Symbol.asyncIterator]()
      const step = await within(iterator.next(), ms, 'the first batch')
      await settle()
      const taken = await pulled(topic, 0)
      const asked = step.done === true ? 0 : step.value.length
      assert.ok(taken <= asked + limit, `it took ${taken} of ${count} for a reader that asked for ${asked}`)
      stopper.abort()
      await hands.stop()
    },
  },
  {
    id: 'commit',
    sentence: 'commit tells the broker how far the group is',
    async check(given) {
      const committed = needed(given.committed?.bind(given), 'commit', 'committed')
      const { topic, group, hands, ms } = await ready(given, 2)
      const partition = await hands.have(1, ms)
      await partition.append(messagesOf(0, 8))
      const read = await readSome(partition, 0, 8, ms)
      const next = (read.at(-1)?.position ?? 0) + 1
      await partition.commit(next)
      assert.equal(await committed(topic, 1, group), next)
      await hands.stop()
    },
  },
]
