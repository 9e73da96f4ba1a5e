import type {
  Claim,
  Clock,
  HourlyAggregate,
  SharedStore,
  Store,
  StoreTransaction,
} from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'
import type { Serialise } from './memory-journal.js'
import { memoryLane, trimMemoryLanes } from './memory-lane.js'
import type { MemoryStorage } from './memory-storage.js'

interface SharedParts {
  readonly storage: MemoryStorage
  readonly clock: Pick<Clock, 'now'>
  readonly serialise: Serialise
  /** Stages a work's writes, and commits them when it ends well. */
  readonly transact: <T>(work: (transaction: StoreTransaction) => Promise<T>) => Promise<T>
  readonly addAggregates: (counts: readonly HourlyAggregate[]) => void
}

/** What several stores over one storage share, as several processes share a database. */
export function memoryShared(parts: SharedParts): NonNullable<Store['shared']> {
  const { storage, clock, serialise, transact, addAggregates } = parts
  const isHeld = ({ name, owner, epoch }: Claim): boolean => {
    const there = storage.claims.get(name)
    return there?.owner === owner && there.epoch === epoch
  }
  return {
    claim: ({ name, owner, ttlMs, from }) =>
      serialise('claim', async () => {
        const there = storage.claims.get(name)
        const isTaken = there?.owner !== undefined && there.owner !== owner && there.until > clock.now()
        if (isTaken && from === 'free') return undefined
        const epoch = (there?.epoch ?? 0) + 1
        storage.claims.set(name, { owner, epoch, until: clock.now() + ttlMs })
        return { name, owner, epoch }
      }),
    renew: (claim, ttlMs) =>
      serialise('renew', async () => {
        if (!isHeld(claim)) return false
        const { name, owner, epoch } = claim
        storage.claims.set(name, { owner, epoch, until: clock.now() + ttlMs })
        return true
      }),
    release: (claim) =>
      serialise('release', async () => {
        // The epoch stays: the next one is a later one.
        if (isHeld(claim)) storage.claims.set(claim.name, { epoch: claim.epoch, until: 0 })
      }),
    claimed: (claim, work) =>
      serialise('transaction', async () => {
        if (!isHeld(claim)) throw new AndonError('CLAIM_LOST', { details: { claim: claim.name } })
        return transact(work)
      }),
    lane: (name, options) => memoryLane(storage, name, serialise, addAggregates, options),
    trimLanes: (before) => serialise('trim', async () => trimMemoryLanes(storage, before)),
    onChange(listener) {
      // One of its own for each call: the same function may listen twice.
      const called: SharedStoreListener = (changed) => listener(changed)
      storage.listeners.add(called)
      return () => {
        storage.listeners.delete(called)
      }
    },
  }
}

type SharedStoreListener = Parameters<SharedStore['onChange']>[0]
