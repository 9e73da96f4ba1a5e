import type { Batch, Bus, Message, RawPayload, Source } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'
import {
  type BusCaseId,
  type BusGiven,
  busContract,
  type SourceCaseId,
  type SourceGiven,
  sourceContract,
} from '@andon/testkit'
import { expect, it } from 'vitest'
import { failuresOf } from '../support/broken.js'
import { memoryBusGiven, memorySourceGiven } from '../support/given.js'

/** What a broken one never does it need not be given long for. */
const patienceMs = 250

const sourceFailures = (spoil: (source: Source) => Source, extra: Partial<SourceGiven> = {}) =>
  failuresOf((runner) =>
    sourceContract(runner, () => {
      const given = memorySourceGiven()
      const restart = async () => spoil(await given.restart())
      return { ...given, source: spoil(given.source), restart, patienceMs, ...extra }
    }),
  )

const busFailures = (spoil: (bus: Bus) => Bus) =>
  failuresOf((runner) =>
    busContract(runner, (): BusGiven => {
      const given = memoryBusGiven()
      const restart = async () => spoil(await given.restart())
      return { ...given, bus: spoil(given.bus), restart, patienceMs }
    }),
  )

/** Changes each batch on its way. */
async function* mapped<T>(
  batches: AsyncIterable<Batch<T>>,
  change: (batch: Batch<T>) => Batch<T> | Promise<Batch<T>>,
): AsyncGenerator<Batch<T>> {
  for await (const batch of batches) yield await change(batch)
}

const sourceOf = (source: Source, receive: Source['receive']): Source => ({
  ...source,
  receive,
  ...(source.close && { close: source.close.bind(source) }),
})

/** Commits a turn later, and not at all when it is closed meanwhile. */
function hasty<Plugin extends Source | Bus>(
  plugin: Plugin,
): { late: <T>(batch: Batch<T>) => Batch<T>; close: () => Promise<void> } {
  let closed = false
  return {
    late: (batch) => ({
      ...batch,
      commit: async () => {
        setImmediate(() => closed || void batch.commit())
      },
    }),
    async close() {
      closed = true
      await plugin.close?.()
    },
  }
}

/** Reads as fast as it can, whether anybody asks or not. */
async function* greedy(batches: AsyncIterable<Batch<RawPayload>>): AsyncGenerator<Batch<RawPayload>> {
  const read: Batch<RawPayload>[] = []
  let done = false
  let wake = Promise.withResolvers<void>()
  const pump = async (): Promise<void> => {
    for await (const batch of batches) {
      read.push(batch)
      wake.resolve()
    }
    done = true
    wake.resolve()
  }
  void pump()
  while (!done || read.length > 0) {
    const batch = read.shift()
    if (batch !== undefined) yield batch
    else await wake.promise
    wake = Promise.withResolvers()
  }
}

const brokenSources: readonly {
  readonly what: string
  readonly spoil: (source: Source) => Source
  readonly fails: readonly SourceCaseId[]
}[] = [
  {
    what: 'never hands on a commit',
    spoil: (source) =>
      sourceOf(source, (context) =>
        mapped(source.receive(context), ({ items }) => ({ items, commit: async () => undefined })),
      ),
    fails: ['committed', 'uncommitted-tail', 'position'],
  },
  {
    what: 'loses a commit when it is closed right after',
    spoil(source) {
      const { late, close } = hasty(source)
      // Without positions, so that it depends on commits alone.
      const receive: Source['receive'] = (context) =>
        mapped(source.receive(context), ({ items, commit }) => late({ items, commit }))
      return { ...sourceOf(source, receive), close }
    },
    fails: ['committed-closed'],
  },
  {
    what: 'skips what the reader before it did not commit',
    spoil: (source) => {
      let open = 0
      return sourceOf(source, async function* (context) {
        open += 1
        let index = 0
        for await (const batch of source.receive(context)) {
          index += 1
          if (open > 1 || index > 1 || context.resumeFrom !== undefined) yield batch
        }
      })
    },
    fails: ['delivery', 'uncommitted'],
  },
  {
    what: 'does not listen to the signal',
    spoil: (source) =>
      sourceOf(source, ({ resumeFrom }) => {
        const { signal } = new AbortController()
        return source.receive(resumeFrom === undefined ? { signal } : { signal, resumeFrom })
      }),
    fails: ['abort', 'aborted'],
  },
  {
    what: 'reads ahead without bound',
    spoil: (source) => sourceOf(source, (context) => greedy(source.receive(context))),
    fails: ['backpressure'],
  },
  {
    what: 'brings everything twice',
    spoil: (source) =>
      sourceOf(source, (context) =>
        mapped(source.receive(context), (batch) => ({ ...batch, items: [...batch.items, ...batch.items] })),
      ),
    fails: ['delivery'],
  },
  {
    what: 'has functions in its capabilities',
    spoil: (source) =>
      Object.assign(sourceOf(source, source.receive.bind(source)), { capabilities: { now: Date } }),
    fails: ['contract'],
  },
  {
    what: 'cannot be closed twice',
    spoil(source) {
      let closed = false
      return {
        ...sourceOf(source, source.receive.bind(source)),
        async close() {
          if (closed) throw new Error('closed already')
          closed = true
        },
      }
    },
    fails: ['close'],
  },
]

for (const { what, spoil, fails } of brokenSources) {
  it(`a source that ${what} fails the suite`, async () => {
    expect(await sourceFailures(spoil)).toEqual(expect.arrayContaining([...fails]))
  })
}

it('a source whose error shows the secret fails the suite', async () => {
  const secret = 'hunter2-hunter2'
  const provoke = async (): Promise<never> => {
    const details = { source: 'memory', problem: `login with ${secret} failed` }
    throw new AndonError('SOURCE_FAILED', { details, cause: new Error('401') })
  }
  expect(await sourceFailures((source) => source, { failure: { secret, provoke } })).toEqual(['errors'])
})

it('a source whose secret hides in a cause fails the suite', async () => {
  const secret = 'hunter2-hunter2'
  const provoke = async (): Promise<never> => {
    const cause = Object.assign(new Error('401'), { config: { headers: { authorization: btoa(secret) } } })
    throw new AndonError('SOURCE_FAILED', { details: { source: 'memory', problem: '401' }, cause })
  }
  expect(await sourceFailures((source) => source, { failure: { secret, provoke } })).toEqual(['errors'])
})

it('a source that takes a bad option without a word fails the suite', async () => {
  const badOptions = [{ option: 'url', create: () => ({}) }]
  expect(await sourceFailures((source) => source, { badOptions })).toEqual(['options'])
})

const brokenBuses: readonly {
  readonly what: string
  readonly spoil: (bus: Bus) => Bus
  readonly fails: readonly BusCaseId[]
}[] = [
  {
    what: 'loses the order',
    spoil: (bus) => ({
      ...bus,
      publish: (topic, messages) => bus.publish(topic, messages.toReversed()),
    }),
    fails: ['order', 'uncommitted'],
  },
  {
    what: 'commits what was only delivered',
    spoil: (bus) => ({
      ...bus,
      consume: (options) =>
        mapped(bus.consume(options), async (batch) => {
          await batch.commit()
          return batch
        }),
    }),
    fails: ['uncommitted'],
  },
  {
    what: 'never commits',
    spoil: (bus) => ({
      ...bus,
      consume: (options) =>
        mapped(bus.consume(options), (batch) => ({ ...batch, commit: async () => undefined })),
    }),
    fails: ['committed'],
  },
  {
    what: 'loses a commit when it is closed right after',
    spoil(bus) {
      const { late, close } = hasty(bus)
      return { ...bus, consume: (options) => mapped(bus.consume(options), late), close }
    },
    fails: ['committed-closed'],
  },
  {
    what: 'gives every consumer of a group everything',
    spoil: (bus) => ({
      ...bus,
      consume: (options) => bus.consume({ ...options, group: `${options.group} ${Math.random()}` }),
    }),
    fails: ['sharing', 'committed'],
  },
  {
    what: 'knows one group only',
    spoil: (bus) => ({ ...bus, consume: (options) => bus.consume({ ...options, group: 'one' }) }),
    fails: ['groups'],
  },
  {
    what: 'drops the headers',
    spoil: (bus) => ({
      ...bus,
      publish: (topic, messages) =>
        bus.publish(
          topic,
          messages.map(({ id, key, body }): Message => ({ id, key, body })),
        ),
    }),
    fails: ['delivery'],
  },
]

for (const { what, spoil, fails } of brokenBuses) {
  it(`a bus that ${what} fails the suite`, async () => {
    expect(await busFailures(spoil)).toEqual(expect.arrayContaining([...fails]))
  })
}

it('a source and a bus that keep the contract fail no case', async () => {
  expect(await sourceFailures((source) => source)).toEqual([])
  expect(await busFailures((bus) => bus)).toEqual([])
})
