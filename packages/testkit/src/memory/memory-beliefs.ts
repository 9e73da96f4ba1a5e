import { type Belief, type Store, type StoreTransaction, subjectKey } from '@andon/core/connector'
import type { StagedMap } from './staged-map.js'

const keyOf = ({ target, tenant, subject }: Pick<Belief, 'target' | 'tenant' | 'subject'>): string =>
  JSON.stringify([target, tenant, subjectKey(subject)])

export function stagedBeliefs(
  beliefs: StagedMap<Belief>,
): Pick<StoreTransaction, 'getBelief' | 'putBeliefs' | 'removeBeliefs'> {
  return {
    getBelief: async (tenant, target, subject) => beliefs.get(keyOf({ tenant, target, subject })),
    async putBeliefs(changed) {
      for (const belief of changed) beliefs.set(keyOf(belief), belief)
    },
    async removeBeliefs(tenant, target, subjects) {
      for (const subject of subjects) beliefs.delete(keyOf({ tenant, target, subject }))
    },
  }
}

export function memoryBeliefs(beliefs: ReadonlyMap<string, Belief>): Store['beliefs'] {
  return {
    async list({ target, tenant, after = '', limit }) {
      const keys = [...beliefs]
        .filter(([, belief]) => belief.target === target && (tenant ?? belief.tenant) === belief.tenant)
        .map(([key]) => key)
        .sort()
      const page = keys.filter((key) => key > after).slice(0, limit)
      const found = page.flatMap((key) => beliefs.get(key) ?? [])
      const last = page.at(-1)
      return last === undefined || page.length < limit ? { beliefs: found } : { beliefs: found, next: last }
    },
  }
}
