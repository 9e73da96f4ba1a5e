import type { Message } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'
import { memoryBroker, memoryBus, memoryStore, sampleEntry, sampleStart } from '@andon/testkit'
import { describe, expect, it } from 'vitest'
import { streamPublisher } from '../../../src/engine/worker/stream-publisher.js'

const topic = 'feedback.appliance'
const refuses = new AndonError('BUS_FAILED', {
  details: { bus: 'kafka', problem: 'the message is larger than the broker allows' },
  cause: new Error('MESSAGE_TOO_LARGE'),
  retryable: false,
})

/** A stream over a bus that takes no more than `most` bytes. */
async function stream(most: number, refusesWith = refuses) {
  const broker = memoryBroker({ partitions: 1 })
  const bus = memoryBus({ broker })
  const store = memoryStore()
  await store.open()
  const publish = async (to: string, messages: readonly Message[]): Promise<void> => {
    if (messages.some(({ body }) => body.byteLength > most)) throw refusesWith
    await bus.publish(to, messages)
  }
  const journal = streamPublisher({ bus: { ...bus, publish }, store, topicOf: () => topic })
  return { journal, store, there: () => new Set(broker.read(topic, 0, 0, 1000).map(({ id }) => id)) }
}

const entries = [1, 2, 3].map((index) => sampleEntry(index))
const large = { ...sampleEntry(4), raw: { payload: 'x'.repeat(300_000), encoding: 'text' as const } }
const all = [entries[0], large, entries[1], entries[2]].filter((entry) => entry !== undefined)
const request = { at: sampleStart, entries: all, quarantined: [] }

describe('a message that is too large for the bus', () => {
  it("is in quarantine with the reason, and stands in nobody's way", async () => {
    const { journal, store, there } = await stream(250_000)
    const taken = await journal.append(request)
    expect(taken.map(({ status }) => status)).toEqual(['accepted', 'refused', 'accepted', 'accepted'])
    expect(there()).toEqual(new Set(entries.map(({ feedback }) => feedback.feedbackId)))
    const [record, ...others] = await store.quarantine.list()
    expect(others).toEqual([])
    expect(record).toMatchObject({ raw: { payload: large.raw.payload }, problems: [{ field: 'body' }] })
    expect(record?.problems[0]?.reason.en).toMatch(
      /^30\d{4} bytes on the bus\. .*larger than the broker allows/,
    )
  })

  it('is one record however often it is sent', async () => {
    const { journal, store } = await stream(250_000)
    await journal.append(request)
    await journal.append(request)
    expect(await store.quarantine.list()).toHaveLength(1)
  })
})

it.each([
  ['refuses everything', stream(0)],
  [
    'does not answer',
    stream(
      250_000,
      new AndonError('BUS_FAILED', {
        details: { bus: 'kafka', problem: 'no answer' },
        cause: new Error('ETIMEDOUT'),
        retryable: true,
      }),
    ),
  ],
])('when the bus %s nothing is quarantined: whoever sends keeps it', async (_, of) => {
  const { journal, store } = await of
  await expect(journal.append(request)).rejects.toMatchObject({ code: 'BUS_FAILED' })
  expect(await store.quarantine.list()).toEqual([])
})
