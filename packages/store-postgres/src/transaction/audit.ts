import { type AuditEvent, type AuditLine, auditLine, firstHash } from '@andon/core/connector'
import { int8Array, storable, textArray } from '../database/arrays.js'
import type { Session } from '../database/session.js'
import { type Statement, statements } from '../database/statement.js'

const texts = {
  begin_chains: `INSERT INTO $schema.audit_heads SELECT tenant, 0, $2 FROM unnest($1::text[]) AS tenant
    ON CONFLICT DO NOTHING`,
  lock_chains: 'SELECT * FROM $schema.audit_heads WHERE tenant = ANY ($1::text[]) ORDER BY tenant FOR UPDATE',
  add_audit: `INSERT INTO $schema.audit SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[])`,
  set_heads: `UPDATE $schema.audit_heads h SET sequence = u.sequence, hash = u.hash
    FROM unnest($1::text[], $2::bigint[], $3::text[]) AS u (tenant, sequence, hash) WHERE h.tenant = u.tenant`,
}

export type AuditStatements = Readonly<Record<keyof typeof texts, Statement>>

export const auditStatements = (schema: string): AuditStatements => statements(schema, texts)

/**
 * The lines of one transaction. They wait for its end: the end of a tenant's chain is what its transactions take turns
 * with, so it is locked last and held for no longer than writing the lines and the commit take.
 */
export class AuditTail {
  readonly #session: Session
  readonly #sql: AuditStatements
  readonly #events: AuditEvent[] = []

  constructor(session: Session, sql: AuditStatements) {
    this.#session = session
    this.#sql = sql
  }

  append(events: readonly AuditEvent[]): void {
    this.#events.push(...events)
  }

  async write(): Promise<void> {
    if (this.#events.length === 0) return
    const tenants = [...new Set(this.#events.map(({ tenant }) => storable(tenant)))].sort()
    const ends = await this.#lock(tenants)
    const lines = this.#events.map((event) => {
      const tenant = storable(event.tenant)
      const line = auditLine(event, ends.get(tenant) ?? { sequence: 0, hash: firstHash })
      ends.set(tenant, line)
      return { tenant, ...line }
    })
    this.#session.later(this.#sql.add_audit, [
      textArray(lines.map(({ tenant }) => tenant)),
      int8Array(lines.map(({ sequence }) => sequence)),
      textArray(lines.map(({ hash }) => hash)),
      textArray(lines.map(({ text }) => text)),
    ])
    const heads = [...ends]
    this.#session.later(this.#sql.set_heads, [
      textArray(heads.map(([tenant]) => tenant)),
      int8Array(heads.map(([, { sequence }]) => sequence)),
      textArray(heads.map(([, { hash }]) => hash)),
    ])
  }

  async #lock(tenants: readonly string[]): Promise<Map<string, Pick<AuditLine, 'sequence' | 'hash'>>> {
    const ask = async () => {
      const rows = await this.#session.run(this.#sql.lock_chains, [textArray(tenants)])
      return new Map(
        rows.map(({ tenant, sequence, hash }) => [
          String(tenant),
          { sequence: Number(sequence), hash: String(hash) },
        ]),
      )
    }
    const ends = await ask()
    if (ends.size === tenants.length) return ends
    // A tenant's first line, once in its life.
    this.#session.later(this.#sql.begin_chains, [textArray(tenants), firstHash])
    return ask()
  }
}
