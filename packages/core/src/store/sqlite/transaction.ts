import type { DatabaseSync } from 'node:sqlite'
import type { QuarantineRecord, StoreTransaction } from '../../connector/store.js'
import { actionWriting } from './actions.js'
import { auditWriting } from './audit.js'
import { beliefWriting } from './beliefs.js'
import { jsonValueOf } from './row.js'
import { signalWriting } from './signals.js'

export interface SqliteTransaction extends StoreTransaction {
  /** A work is done: what it left to write is written. */
  finish(): void
  /** A work, or a whole commit, was taken back. */
  takenBack(): void
  addQuarantined(records: readonly QuarantineRecord[]): Promise<void>
}

/** The write side of the store, on the writing connection; only ever called inside a group's transaction. */
export function sqliteTransaction(database: DatabaseSync): SqliteTransaction {
  const setCheckpoint = database.prepare(
    'INSERT INTO checkpoints VALUES (?, ?) ON CONFLICT (stage) DO UPDATE SET entry_offset = excluded.entry_offset',
  )
  const putSnapshot = database.prepare(
    `INSERT INTO snapshots VALUES (?, ?, ?) ON CONFLICT (stage) DO UPDATE SET
       entry_offset = excluded.entry_offset, state = excluded.state`,
  )
  const addAggregate = database.prepare(
    `INSERT INTO hourly VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (hour, tenant, channel, product_model, fault_code) DO UPDATE SET
       count = count + excluded.count, severity_sum = severity_sum + excluded.severity_sum`,
  )
  const setPosition = database.prepare(
    'INSERT INTO positions VALUES (?, ?) ON CONFLICT (source) DO UPDATE SET position = excluded.position',
  )
  const addQuarantined = database.prepare('INSERT INTO quarantine VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
  const removeQuarantined = database.prepare('DELETE FROM quarantine WHERE id = ?')

  const keep = database.prepare(
    'INSERT INTO kept VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  )
  const kept = database.prepare('SELECT value FROM kept WHERE name = ?')

  const signals = signalWriting(database)
  const actions = actionWriting(database)
  const audit = auditWriting(database)
  return {
    ...signals,
    ...actions,
    ...beliefWriting(database),
    ...audit,
    takenBack() {
      signals.takenBack()
      actions.takenBack()
      audit.takenBack()
    },
    async keep(name, value) {
      keep.run(name, JSON.stringify(value))
    },
    async kept(name) {
      return jsonValueOf(kept.get(name))
    },
    async setCheckpoint(stage, offset) {
      setCheckpoint.run(stage, offset)
    },
    async putSnapshot(stage, { offset, state }) {
      putSnapshot.run(stage, offset, JSON.stringify(state))
    },
    async addAggregates(aggregates) {
      for (const { hour, tenant, channel, productModel, faultCode, count, severitySum } of aggregates) {
        addAggregate.run(hour, tenant, channel, productModel, faultCode, count, severitySum)
      }
    },
    async setPosition(source, position) {
      setPosition.run(source, JSON.stringify(position))
    },
    async addQuarantined(records) {
      for (const record of records) {
        addQuarantined.run(record.id, record.tenant, record.at, JSON.stringify(record))
      }
    },
    async removeQuarantined(id) {
      removeQuarantined.run(id)
    },
  }
}
