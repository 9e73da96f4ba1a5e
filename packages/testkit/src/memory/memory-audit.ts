import {
  type AuditLine,
  auditLine,
  firstHash,
  type Store,
  type StoreTransaction,
} from '@andon/core/connector'
import type { MemoryStorage } from './memory-storage.js'
import type { StagedMap } from './staged-map.js'

const keyOf = (tenant: string, sequence: number): string => JSON.stringify([tenant, sequence])

export function stagedAudit(
  lines: StagedMap<AuditLine>,
  heads: StagedMap<AuditLine>,
): Pick<StoreTransaction, 'appendAudit'> {
  return {
    async appendAudit(events) {
      for (const event of events) {
        const line = auditLine(event, heads.get(event.tenant) ?? { sequence: 0, hash: firstHash })
        lines.set(keyOf(event.tenant, line.sequence), line)
        heads.set(event.tenant, line)
      }
    },
  }
}

export function memoryAudit({
  audit,
  auditHeads,
}: Pick<MemoryStorage, 'audit' | 'auditHeads'>): Store['audit'] {
  return {
    async read(tenant, from, limit) {
      const lines: AuditLine[] = []
      for (let sequence = from; lines.length < limit; sequence++) {
        const line = audit.get(keyOf(tenant, sequence))
        if (line === undefined) break
        lines.push(line)
      }
      return lines
    },
    async heads() {
      const heads = [...auditHeads].map(([tenant, { sequence, hash }]) => ({ tenant, sequence, hash }))
      return heads.sort((left, right) => (left.tenant < right.tenant ? -1 : 1))
    },
  }
}
