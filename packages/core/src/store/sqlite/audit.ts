import type { DatabaseSync } from 'node:sqlite'
import { auditLine, firstHash } from '../../audit/chain.js'
import type { Store, StoreTransaction } from '../../connector/store.js'

/** Lengthens the chains. The last line is read each time: a work that is taken back takes its lines along. */
export function auditWriting(database: DatabaseSync): Pick<StoreTransaction, 'appendAudit'> {
  const last = database.prepare(
    'SELECT sequence, hash FROM audit WHERE tenant = ? ORDER BY sequence DESC LIMIT 1',
  )
  const add = database.prepare('INSERT INTO audit (tenant, sequence, hash, line) VALUES (?, ?, ?, ?)')
  return {
    async appendAudit(events) {
      for (const event of events) {
        const row = last.get(event.tenant)
        const previous = { sequence: Number(row?.sequence ?? 0), hash: String(row?.hash ?? firstHash) }
        const { sequence, hash, text } = auditLine(event, previous)
        add.run(event.tenant, sequence, hash, text)
      }
    },
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
  const heads = reader.prepare(
    'SELECT tenant, MAX(sequence) AS sequence, hash FROM audit GROUP BY tenant ORDER BY tenant',
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
