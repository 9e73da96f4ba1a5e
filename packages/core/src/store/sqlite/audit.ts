import type { DatabaseSync } from 'node:sqlite'
import { auditLine, firstHash } from '../../audit/chain.js'
import type { AuditLine } from '../../connector/audit.js'
import type { Store, StoreTransaction } from '../../connector/store.js'

/** Lengthens the chains. */
export function auditWriting(database: DatabaseSync): Pick<StoreTransaction, 'appendAudit'> & {
  /** A work was taken back, and its lines with it: the last lines are read anew. */
  takenBack(): void
} {
  const ends = new Map<string, Pick<AuditLine, 'sequence' | 'hash'>>()
  const last = database.prepare(
    'SELECT sequence, hash FROM audit WHERE tenant = ? ORDER BY sequence DESC LIMIT 1',
  )
  const endOf = (tenant: string): Pick<AuditLine, 'sequence' | 'hash'> => {
    const row = last.get(tenant)
    return { sequence: Number(row?.sequence ?? 0), hash: String(row?.hash ?? firstHash) }
  }
  const add = database.prepare('INSERT INTO audit (tenant, sequence, hash, line) VALUES (?, ?, ?, ?)')
  return {
    async appendAudit(events) {
      for (const event of events) {
        const { tenant } = event
        const line = auditLine(event, ends.get(tenant) ?? endOf(tenant))
        add.run(tenant, line.sequence, line.hash, line.text)
        ends.set(tenant, line)
      }
    },
    takenBack: () => ends.clear(),
  }
}

export function auditReading(reader: DatabaseSync): Store['audit'] {
  const { read, heads } = auditBytes(reader)
  return {
    read: async (tenant, from, limit) => {
      const lines = await read(tenant, from, limit)
      return lines.map((line) => ({ ...line, text: Buffer.from(line.text).toString() }))
    },
    heads,
  }
}

/** The log with its lines as bytes: a decoder would make a whole character of one that was broken. */
export function auditBytes(reader: DatabaseSync) {
  const lines = reader.prepare(
    `SELECT sequence, hash, CAST(line AS BLOB) AS line FROM audit
     WHERE tenant = ? AND sequence >= ? ORDER BY sequence LIMIT ?`,
  )
  // From one tenant to the next by the index, not through all lines.
  const heads = reader.prepare(
    `WITH RECURSIVE tenants (name) AS (
       SELECT MIN(tenant) FROM audit
       UNION ALL
       SELECT (SELECT MIN(tenant) FROM audit WHERE tenant > name) FROM tenants WHERE name IS NOT NULL
     )
     SELECT tenant, sequence, hash FROM tenants CROSS JOIN audit
     WHERE tenant = name AND sequence = (SELECT MAX(sequence) FROM audit WHERE tenant = name) ORDER BY tenant`,
  )
  return {
    read: async (tenant: string, from: number, limit: number) =>
      lines.all(tenant, from, limit).map(({ sequence, hash, line }) => ({
        sequence: Number(sequence),
        hash: String(hash),
        text: line instanceof Uint8Array ? line : String(line),
      })),
    heads: async () =>
      heads.all().map(({ tenant, sequence, hash }) => ({
        tenant: String(tenant),
        sequence: Number(sequence),
        hash: String(hash),
      })),
  }
}
