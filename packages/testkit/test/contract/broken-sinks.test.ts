import type { CloudEvent, Sink } from '@andon/core/connector'
import { type SinkCaseId, sinkContract } from '@andon/testkit'
import { expect, it } from 'vitest'
import { failuresOf } from '../support/broken.js'
import { memorySinkGiven } from '../support/given.js'

const sinkFailures = (spoil: (sink: Sink) => Sink) =>
  failuresOf((runner) =>
    sinkContract(runner, () => {
      const given = memorySinkGiven()
      return { ...given, sink: spoil(given.sink), restart: async () => spoil(await given.restart()) }
    }),
  )

const changing = (change: (events: readonly CloudEvent[]) => readonly CloudEvent[]) => (sink: Sink) => ({
  ...sink,
  publish: (events: readonly CloudEvent[]) => sink.publish(change(events)),
})

const brokenSinks: readonly {
  readonly what: string
  readonly spoil: (sink: Sink) => Sink
  readonly fails: readonly SinkCaseId[]
}[] = [
  { what: 'loses the order', spoil: changing((events) => events.toReversed()), fails: ['order', 'durable'] },
  {
    what: 'gives every publish ids of its own',
    spoil: changing((events) => events.map((event) => ({ ...event, id: `${event.id} ${Math.random()}` }))),
    fails: ['delivery', 'repeat'],
  },
  {
    what: 'leaves the extension attributes out',
    spoil: changing((events) => events.map((event) => ({ ...event, tenant: '' }))),
    fails: ['delivery'],
  },
  {
    what: 'takes no more than 100 events',
    spoil: changing((events) => events.slice(0, 100)),
    fails: ['large'],
  },
  {
    what: 'lets what comes after close() vanish',
    spoil(sink) {
      let closed = false
      return {
        ...sink,
        publish: async (events) => {
          if (!closed) await sink.publish(events)
        },
        close: async () => {
          closed = true
        },
      }
    },
    fails: ['closed', 'check'],
  },
]

for (const { what, spoil, fails } of brokenSinks) {
  it(`a sink that ${what} fails the suite`, async () => {
    expect(await sinkFailures(spoil)).toEqual(expect.arrayContaining([...fails]))
  })
}

it('a sink that keeps the contract fails no case', async () => {
  expect(await sinkFailures((sink) => sink)).toEqual([])
})
