import type { Message, Partition } from '@andon/core/connector'
import { Bell } from '../bell.js'
import type { Speaker } from '../failure.js'
import type { Membership, MembershipOptions } from '../group/membership.js'
import type { Fetcher } from './fetcher.js'
import { kafkaPartition } from './kafka-partition.js'

export interface PartitionsSetup {
  readonly fetcher: Fetcher
  readonly speaker: Speaker
  readonly batchSize: number
  /** Topics' names at the broker → here. */
  readonly names: ReadonlyMap<string, string>
  readonly ends: readonly AbortSignal[]
  readonly join: (handlers: Pick<MembershipOptions, 'give' | 'fail'>) => Membership
  readonly append: (topic: string, number: number, messages: readonly Message[]) => Promise<void>
}

/** The partitions that this member of a group gets, each when it gets it. */
export async function* partitionsOf(setup: PartitionsSetup): AsyncGenerator<Partition> {
  const { fetcher, speaker, batchSize, names, ends, append } = setup
  if (ends.some(({ aborted }) => aborted)) return
  const bell = new Bell()
  const given: Partition[] = []
  let failure: unknown
  let ended = false
  const membership = setup.join({
    give(holding) {
      const topic = names.get(holding.topic)
      if (topic === undefined) return
      const partition = kafkaPartition(holding, {
        topic,
        fetcher,
        speaker,
        batchSize,
        append: (messages) => append(topic, holding.number, messages),
      })
      given.push(partition)
      holding.lost.addEventListener('abort', () => {
        // What was never taken is in nobody's hands.
        const unseen = given.indexOf(partition)
        if (unseen >= 0) void given.splice(unseen, 1)[0]?.release()
      })
      bell.ring()
    },
    fail(error) {
      failure ??= error
      bell.ring()
    },
  })
  const end = (): void => {
    if (ended) return
    ended = true
    void membership.leave()
    bell.ring()
  }
  // Whoever is busy with a partition and does not ask for the next one is to hear of the end, too.
  for (const signal of ends) signal.addEventListener('abort', end)
  try {
    while (!ended) {
      if (failure !== undefined) throw failure
      const partition = given.shift()
      if (partition === undefined) await bell.wait()
      else yield partition
    }
  } finally {
    for (const signal of ends) signal.removeEventListener('abort', end)
    end()
  }
}
