import { type Action, openStatuses, rankOf, type Store, type StoreTransaction } from '@andon/core/connector'
import type { StagedMap } from './staged-map.js'

const open: ReadonlySet<string> = new Set(openStatuses)
const isOpen = ({ status }: Action): boolean => open.has(status)
const byId = (left: Action, right: Action): number => (left.id < right.id ? -1 : 1)

export function stagedActions(
  actions: StagedMap<Action>,
): Pick<
  StoreTransaction,
  'absentActions' | 'addActions' | 'putActions' | 'getAction' | 'leaseActions' | 'endLeases'
> {
  return {
    absentActions: async (ids) => [...new Set(ids)].filter((id) => actions.get(id) === undefined),
    async addActions(added) {
      const fresh: string[] = []
      for (const action of added) {
        if (actions.get(action.id) !== undefined) continue
        actions.set(action.id, action)
        fresh.push(action.id)
      }
      return fresh
    },
    async putActions(changed) {
      for (const action of changed) if (actions.get(action.id) !== undefined) actions.set(action.id, action)
    },
    getAction: async (id) => actions.get(id),
    async leaseActions({ owner, target, at, until, limit }) {
      const free = actions
        .values()
        .filter((action) => isOpen(action) && action.target === target && action.dueAt <= at)
        .filter(({ lease }) => lease === undefined || lease.until <= at)
        .sort((left, right) => rankOf(left) - rankOf(right) || byId(left, right))
      const leased = free.slice(0, limit).map((action) => ({ ...action, lease: { owner, until } }))
      for (const action of leased) actions.set(action.id, action)
      return leased
    },
    async endLeases(owner) {
      for (const action of actions.values()) {
        if (!isOpen(action) || action.lease === undefined || action.lease.owner === owner) continue
        const { lease: _, ...free } = action
        actions.set(action.id, free)
      }
    },
  }
}

export function memoryOutbox(
  actions: ReadonlyMap<string, Action>,
): Pick<Store['actions'], 'due' | 'nextDue' | 'open'> {
  return {
    async due(before, limit) {
      const waking = [...actions.values()].filter(({ wakeAt = Number.POSITIVE_INFINITY }) => wakeAt <= before)
      return waking
        .sort((left, right) => (left.wakeAt ?? 0) - (right.wakeAt ?? 0) || byId(left, right))
        .slice(0, limit)
    },
    async nextDue(after) {
      const instants = [...actions.values()].flatMap((action) => [
        ...(action.wakeAt === undefined ? [] : [action.wakeAt]),
        ...(isOpen(action) && action.dueAt > after ? [action.dueAt] : []),
      ])
      return instants.length === 0 ? undefined : instants.reduce((first, at) => Math.min(first, at))
    },
    async open() {
      const counts: Record<string, number> = {}
      for (const action of actions.values()) {
        if (isOpen(action)) counts[action.target] = (counts[action.target] ?? 0) + 1
      }
      return counts
    },
  }
}
