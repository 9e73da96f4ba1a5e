import { setImmediate } from 'node:timers/promises'
import type { LaneJournal, LoggedMessage, Partition, PartitionedBus, Store } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'

/** What lies between a worker and what it works on. */
export interface Distance {
  /** How many turns of the event loop a question takes. */
  readonly turns: () => number
  /** Thrown instead of an answer. */
  readonly fault: (operation: string) => Error | undefined
}

async function travel({ turns, fault }: Distance, operation: string): Promise<void> {
  for (let turn = turns(); turn > 0; turn--) await setImmediate()
  const cause = fault(operation)
  if (cause === undefined) return
  throw new AndonError('STORE_FAILED', { details: { operation, problem: cause.message }, cause })
}

/** The store as a process sees it that has to ask for everything: also what is read may take its time, or fail. */
export function distantStore(store: Store, distance: Distance): Store {
  const { shared } = store
  if (shared === undefined) throw new TypeError('the store is not shared')
  const asked =
    <A extends readonly unknown[], T>(operation: string, ask: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      await travel(distance, operation)
      return ask(...args)
    }
  const lane = (journal: LaneJournal): LaneJournal => ({
    append: asked('lane append', (request) => journal.append(request)),
    read: asked('lane read', (offset, limit) => journal.read(offset, limit)),
    last: asked('lane last', () => journal.last()),
  })
  return {
    ...store,
    transaction: asked('transaction', (work) => store.transaction(work)) as Store['transaction'],
    checkpoint: asked('checkpoint', (stage) => store.checkpoint(stage)),
    snapshot: asked('snapshot', (stage) => store.snapshot(stage)),
    kept: asked('kept', (name) => store.kept(name)),
    signals: { ...store.signals, list: asked('signals', (page) => store.signals.list(page)) },
    actions: {
      get: asked('action', (id) => store.actions.get(id)),
      list: asked('actions', (page) => store.actions.list(page)),
      due: asked('due', (before, limit) => store.actions.due(before, limit)),
      nextDue: asked('next due', (after) => store.actions.nextDue(after)),
      open: asked('open', () => store.actions.open()),
    },
    shared: {
      ...shared,
      claim: asked('claim', (request) => shared.claim(request)),
      renew: asked('renew', (claim, ttlMs) => shared.renew(claim, ttlMs)),
      claimed: asked('claimed', (claim, work) => shared.claimed(claim, work)) as typeof shared.claimed,
      lane: (name, options) => lane(shared.lane(name, options)),
    },
  }
}

/** The bus as far away: `arrived` when feedback has been published. */
export function distantBus(
  bus: PartitionedBus,
  { turns }: Pick<Distance, 'turns'>,
  arrived: () => void,
): PartitionedBus {
  async function* slowly(batches: AsyncIterable<readonly LoggedMessage[]>) {
    for await (const batch of batches) {
      for (let turn = turns(); turn > 0; turn--) await setImmediate()
      yield batch
    }
  }
  const partition = (of: Partition): Partition => ({ ...of, read: (options) => slowly(of.read(options)) })
  return {
    ...bus,
    async publish(topic, messages) {
      await bus.publish(topic, messages)
      if (topic.startsWith('feedback.')) arrived()
    },
    async *partitions(options) {
      for await (const given of bus.partitions(options)) yield partition(given)
    },
  }
}
