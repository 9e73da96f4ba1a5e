import assert from 'node:assert/strict'
import type { LoggedMessage, Partition, PartitionedBus } from '@andon/core/connector'
import { promptly, within } from './waiting.js'

/** Who has which partition, as all members of one process see it together. */
export interface Ledger {
  /** Partition → how many have it now. */
  readonly owners: Map<number, number>
  /** Partitions that were given to one while another still had them. */
  readonly twice: number[]
}

export const ledger = (): Ledger => ({ owners: new Map(), twice: [] })

/** A member of a group that keeps what it is given, and gives back at once what it has lost. */
export interface Hands {
  readonly held: ReadonlyMap<number, Partition>
  /** Waits until `check` holds for what is held. */
  until(check: (held: ReadonlyMap<number, Partition>) => boolean, ms: number, what: string): Promise<void>
  /** Waits for a partition and returns it. */
  have(number: number, ms: number): Promise<Partition>
  /** Leaves the group. */
  stop(): Promise<void>
}

export function handsOf(bus: PartitionedBus, topic: string, group: string, book: Ledger = ledger()): Hands {
  const held = new Map<number, Partition>()
  const stopper = new AbortController()
  let change = Promise.withResolvers<void>()
  const changed = (): void => {
    change.resolve()
    change = Promise.withResolvers()
  }

  const take = (partition: Partition): void => {
    const { number, lost } = partition
    const owners = (book.owners.get(number) ?? 0) + 1
    book.owners.set(number, owners)
    if (owners > 1) book.twice.push(number)
    held.set(number, partition)
    const drop = (): void => {
      if (held.get(number) === partition) held.delete(number)
      book.owners.set(number, (book.owners.get(number) ?? 1) - 1)
      partition.release().catch((error: unknown) => {
        failure ??= error
      })
      changed()
    }
    if (lost.aborted) drop()
    else lost.addEventListener('abort', drop, { once: true })
    changed()
  }

  let failure: unknown
  const run = async (): Promise<void> => {
    for await (const partition of bus.partitions({ topics: [topic], group, signal: stopper.signal })) {
      assert.equal(partition.topic, topic)
      take(partition)
    }
  }
  const running = run().catch((error: unknown) => {
    failure = error
    changed()
  })

  const hands: Hands = {
    held,
    async until(check, ms, what) {
      const watch = async (): Promise<void> => {
        while (!check(held)) {
          if (failure !== undefined) throw failure
          await change.promise
        }
      }
      await within(watch(), ms, what)
    },
    async have(number, ms) {
      await hands.until((now) => now.has(number), ms, `partition ${number}`)
      const partition = held.get(number)
      assert.ok(partition !== undefined)
      return partition
    },
    async stop() {
      stopper.abort()
      await within(running, promptly, 'the end of the partitions after an abort')
      if (failure !== undefined) throw failure
      assert.equal(held.size, 0, 'a member that has left was not told that its partitions are lost')
    },
  }
  return hands
}

/** Reads `count` messages of a partition. */
export async function readSome(
  partition: Partition,
  from: number,
  count: number,
  ms: number,
): Promise<readonly LoggedMessage[]> {
  const stopper = new AbortController()
  const messages: LoggedMessage[] = []
  const read = async (): Promise<void> => {
    if (count === 0) return
    for await (const batch of partition.read({ from, signal: stopper.signal })) {
      messages.push(...batch)
      if (messages.length >= count) return
    }
  }
  try {
    await within(read(), ms, `${count} messages of partition ${partition.number}`)
  } finally {
    stopper.abort()
  }
  assert.equal(messages.length, count, `messages of partition ${partition.number} from ${from} on`)
  return messages
}
