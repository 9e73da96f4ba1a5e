import type { LoggedMessage, Message, Partition } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { Bell } from '../bell.js'
import { failureOf, type Speaker } from '../failure.js'
import type { Holding } from '../group/membership.js'
import type { Feed } from './feed.js'
import type { Fetcher } from './fetcher.js'

export interface PartitionSetup {
  /** As it is called here; the broker's name has the prefix. */
  readonly topic: string
  readonly fetcher: Fetcher
  readonly speaker: Speaker
  readonly batchSize: number
  readonly append: (messages: readonly Message[]) => Promise<void>
}

/** A partition of a broker in this process's hands. */
export function kafkaPartition(holding: Holding, setup: PartitionSetup): Partition {
  const { topic, fetcher, speaker, batchSize, append } = setup
  const { number, lost } = holding
  const released = new AbortController()
  return {
    topic,
    number,
    lost,
    read: ({ from, signal }) =>
      readPartition({
        open: (bell) => fetcher.open(holding.topic, number, from, bell),
        fetcher,
        speaker,
        batchSize,
        ends: [signal, lost, released.signal],
      }),
    append,
    async commit(position) {
      try {
        await holding.commit(position)
      } catch (error) {
        // Whoever has it next commits by itself.
        if (lost.aborted) return
        throw failureOf(speaker, error, {
          en: `committing ${topic}/${number}`,
          zh: `提交 ${topic}/${number}`,
        })
      }
    },
    async release() {
      released.abort()
      holding.release()
    },
  }
}

interface Reading {
  readonly open: (bell: Bell) => Feed
  readonly fetcher: Fetcher
  readonly speaker: Speaker
  readonly batchSize: number
  readonly ends: readonly AbortSignal[]
}

/** Batches of a partition until one of the signals is aborted. */
async function* readPartition(reading: Reading): AsyncGenerator<readonly LoggedMessage[]> {
  const { fetcher, batchSize, ends, speaker } = reading
  if (ends.some(({ aborted }) => aborted)) return
  const bell = new Bell()
  const feed = reading.open(bell)
  const end = (): void => fetcher.close(feed)
  for (const signal of ends) signal.addEventListener('abort', end)
  try {
    while (!feed.ended) {
      const messages = takeOr(feed, batchSize, speaker)
      fetcher.wanted()
      if (messages.length > 0) yield messages
      else await bell.wait()
    }
  } finally {
    for (const signal of ends) signal.removeEventListener('abort', end)
    end()
  }
}

/** What can be taken, or why nothing ever will. */
export function takeOr(feed: Feed, limit: number, speaker: Speaker): readonly LoggedMessage[] {
  try {
    return feed.take(limit)
  } catch (error) {
    if (isAndonError(error)) throw error
    throw failureOf(speaker, error, {
      en: `reading ${feed.topic}/${feed.partition}`,
      zh: `读取 ${feed.topic}/${feed.partition}`,
    })
  }
}
