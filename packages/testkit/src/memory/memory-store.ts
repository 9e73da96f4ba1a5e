import {
  type Clock,
  type HourlyAggregate,
  type JsonObject,
  type PageOptions,
  type Signal,
  type Store,
  type StoreTransaction,
  systemClock,
} from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'
import * as z from 'zod'
import { checkedOptions } from '../options.js'
import type { MemoryFault } from './fault.js'
import { memoryOutbox, stagedActions } from './memory-actions.js'
import { memoryAudit, stagedAudit } from './memory-audit.js'
import { memoryBeliefs, stagedBeliefs } from './memory-beliefs.js'
import { memoryJournal, type Serialise } from './memory-journal.js'
import { memoryShared } from './memory-shared.js'
import { type MemoryChange, type MemoryStorage, memoryStorage } from './memory-storage.js'
import { type StagedMap, stagedMap } from './staged-map.js'

export interface MemoryStoreOptions {
  /** Default `memory`. */
  readonly name?: string
  /** What an earlier store left; default a new, empty one. */
  readonly storage?: MemoryStorage
  /** The disk's bad days. */
  readonly fault?: MemoryFault
  /** The store's own clock, by which claims end; default the system's. */
  readonly clock?: Pick<Clock, 'now'>
}

const optionsSchema = z.strictObject({
  name: z.string().min(1).default('memory'),
  storage: z.custom<MemoryStorage>((value) => typeof value === 'object' && value !== null).optional(),
  fault: z.custom<MemoryFault>((value) => typeof value === 'function').optional(),
  clock: z
    .custom<Pick<Clock, 'now'>>((value) => typeof value === 'object' && value !== null && 'now' in value)
    .default(systemClock),
})

const aggregateKey = ({ hour, tenant, channel, productModel, faultCode }: HourlyAggregate): string =>
  JSON.stringify([hour, tenant, channel, productModel, faultCode])

function addCounts(aggregates: StagedMap<HourlyAggregate>, added: readonly HourlyAggregate[]): void {
  for (const one of added) {
    const there = aggregates.get(aggregateKey(one)) ?? { count: 0, severitySum: 0 }
    const count = there.count + one.count
    aggregates.set(aggregateKey(one), { ...one, count, severitySum: there.severitySum + one.severitySum })
  }
}

/** One transaction over the storage: nothing is seen outside before `commit`. */
function stage(storage: MemoryStorage): {
  readonly transaction: StoreTransaction
  /** Makes it seen, and says what of interest to others it was. */
  commit(): readonly MemoryChange[]
} {
  const signals = stagedMap(storage.signals)
  const actions = stagedMap(storage.actions)
  const checkpoints = stagedMap(storage.checkpoints)
  const snapshots = stagedMap(storage.snapshots)
  const positions = stagedMap<JsonObject>(storage.positions)
  const aggregates = stagedMap(storage.aggregates)
  const quarantine = stagedMap(storage.quarantine)
  const beliefs = stagedMap(storage.beliefs)
  const audit = stagedMap(storage.audit)
  const auditHeads = stagedMap(storage.auditHeads)
  const kept = stagedMap<JsonObject>(storage.kept)
  const maps = [
    ...[signals, actions, checkpoints, snapshots, positions, aggregates, quarantine],
    ...[beliefs, audit, auditHeads, kept],
  ]
  return {
    transaction: {
      ...stagedActions(actions),
      ...stagedBeliefs(beliefs),
      ...stagedAudit(audit, auditHeads),
      keep: async (name, value) => kept.set(name, value),
      kept: async (name) => kept.get(name),
      async putSignals(changed) {
        for (const signal of changed) signals.set(signal.id, signal)
      },
      getSignal: async (id) => signals.get(id),
      async findSignals(fingerprints): Promise<readonly Signal[]> {
        const wanted = new Set(fingerprints)
        return signals.values().filter((signal) => wanted.has(signal.fingerprint))
      },
      setCheckpoint: async (name, offset) => checkpoints.set(name, offset),
      putSnapshot: async (name, snapshot) => snapshots.set(name, snapshot),
      addAggregates: async (added) => addCounts(aggregates, added),
      setPosition: async (source, position) => positions.set(source, position),
      removeQuarantined: async (id) => quarantine.delete(id),
    },
    commit() {
      for (const map of maps) map.commit()
      return [
        ...(actions.size > 0 ? (['actions'] as const) : []),
        ...(signals.size > 0 ? (['signals'] as const) : []),
      ]
    },
  }
}

const ofTenant =
  ({ tenant }: PageOptions) =>
  (item: { readonly tenant: string }) =>
    tenant === undefined || item.tenant === tenant

/**
 * The reference store: keeps contract v1 in memory, transactions and all. For tests; not for production,
 * since nothing of it outlives the process. Several of them over one storage are like several processes over one
 * database: their writes come one after the other, and they share claims and lanes.
 *
 * @throws AndonError OPTIONS_INVALID naming the option; STORE_FAILED when closed or when `fault` says so.
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  const { name, storage = memoryStorage(), fault, clock } = checkedOptions(optionsSchema, options)
  let open = false
  let last: Promise<unknown> = Promise.resolve()

  const use = (operation: string): void => {
    const cause = fault?.(operation)
    if (open && cause === undefined) return
    const problem = cause?.message ?? 'it is not open'
    throw new AndonError('STORE_FAILED', { details: { operation, problem }, cause })
  }
  const serialise: Serialise = (operation, work) => {
    const done = storage.turn.then(() => {
      use(operation)
      return work()
    })
    last = done.catch(() => undefined)
    storage.turn = last
    return done
  }
  const transact = async <T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T> => {
    const { transaction, commit } = stage(storage)
    const result = await work(transaction)
    const changes = commit()
    // After this turn, as from another process: a listener is never in the middle of whoever commits.
    setImmediate(() => {
      for (const changed of changes) for (const listener of [...storage.listeners]) listener(changed)
    })
    return result
  }
  const addAggregates = (counts: readonly HourlyAggregate[]): void => {
    const aggregates = stagedMap(storage.aggregates)
    addCounts(aggregates, counts)
    aggregates.commit()
  }

  return {
    contract: 1,
    name,
    capabilities: { durable: false, distributed: true },
    async open() {
      open = true
    },
    async close() {
      await last
      open = false
    },
    async check() {
      return open ? { ok: true } : { ok: false, detail: 'it is not open' }
    },
    journal: memoryJournal(storage, serialise),
    transaction: (work) => serialise('transaction', () => transact(work)),
    shared: memoryShared({ storage, clock, serialise, transact, addAggregates }),
    signals: {
      get: async (id) => storage.signals.get(id),
      async list(page = {}) {
        const found = [...storage.signals.values()].filter(ofTenant(page))
        const wanted = found.filter(({ status }) => page.status?.includes(status) ?? true)
        return wanted.slice(0, page.limit)
      },
    },
    actions: {
      get: async (id) => storage.actions.get(id),
      async list(page = {}) {
        return [...storage.actions.values()]
          .filter(ofTenant(page))
          .filter(({ status }) => page.status?.includes(status) ?? true)
          .filter(({ signalId }) => page.signalId === undefined || signalId === page.signalId)
          .sort((left, right) => left.priority - right.priority || left.createdAt - right.createdAt)
          .slice(0, page.limit)
      },
      ...memoryOutbox(storage.actions),
    },
    beliefs: memoryBeliefs(storage.beliefs),
    audit: memoryAudit(storage),
    quarantine: {
      get: async (id) => storage.quarantine.get(id),
      list: async (page = {}) => [...storage.quarantine.values()].filter(ofTenant(page)).slice(0, page.limit),
    },
    checkpoint: async (stageName) => storage.checkpoints.get(stageName) ?? 0,
    snapshot: async (stageName) => storage.snapshots.get(stageName),
    position: async (source) => storage.positions.get(source),
    kept: async (name) => storage.kept.get(name),
    async aggregates({ tenant, fromHour = 0, toHour = Number.POSITIVE_INFINITY } = {}) {
      return [...storage.aggregates.values()]
        .filter((one) => (tenant === undefined || one.tenant === tenant) && one.hour >= fromHour)
        .filter(({ hour }) => hour <= toHour)
    },
  }
}
