import type { DatabaseSync } from 'node:sqlite'
import type { Belief } from '../../connector/belief.js'
import type { Store, StoreTransaction } from '../../connector/store.js'
import { subjectKey } from '../../connector/subject.js'
import { bodyOf } from './row.js'

/** The write side of what is believed of the plant. */
export function beliefWriting(
  database: DatabaseSync,
): Pick<StoreTransaction, 'getBelief' | 'putBeliefs' | 'removeBeliefs'> {
  const get = database.prepare('SELECT body FROM beliefs WHERE target = ? AND tenant = ? AND subject = ?')
  const put = database.prepare(
    `INSERT INTO beliefs (target, tenant, subject, body) VALUES (?, ?, ?, ?)
     ON CONFLICT (target, tenant, subject) DO UPDATE SET body = excluded.body`,
  )
  const remove = database.prepare('DELETE FROM beliefs WHERE target = ? AND tenant = ? AND subject = ?')
  return {
    async getBelief(tenant, target, subject) {
      return bodyOf<Belief>(get.get(target, tenant, subjectKey(subject)))
    },
    async putBeliefs(beliefs) {
      for (const belief of beliefs) {
        put.run(belief.target, belief.tenant, subjectKey(belief.subject), JSON.stringify(belief))
      }
    },
    async removeBeliefs(tenant, target, subjects) {
      for (const subject of subjects) remove.run(target, tenant, subjectKey(subject))
    },
  }
}

export function beliefReading(reader: DatabaseSync): Store['beliefs'] {
  const ofTarget = reader.prepare(
    `SELECT body FROM beliefs WHERE target = ? AND (tenant, subject) > (?, ?) ORDER BY tenant, subject LIMIT ?`,
  )
  const ofTenant = reader.prepare(
    `SELECT body FROM beliefs WHERE target = ? AND tenant = ? AND subject > ? ORDER BY subject LIMIT ?`,
  )
  return {
    async list({ target, tenant, after, limit }) {
      const { tenant: lastTenant, subject } = placeOf(after)
      const rows =
        tenant === undefined
          ? ofTarget.all(target, lastTenant, subject, limit)
          : ofTenant.all(target, tenant, subject, limit)
      const beliefs = rows.flatMap((row) => bodyOf<Belief>(row) ?? [])
      const last = beliefs.at(-1)
      if (last === undefined || beliefs.length < limit) return { beliefs }
      return { beliefs, next: JSON.stringify([last.tenant, subjectKey(last.subject)]) }
    },
  }
}

/** A cursor holds what `list` wrote into it. */
function placeOf(after: string | undefined): { readonly tenant: string; readonly subject: string } {
  const [tenant, subject] = after === undefined ? ['', ''] : (JSON.parse(after) as [string, string])
  return { tenant, subject }
}
