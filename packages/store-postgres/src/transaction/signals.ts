import type { Signal, StoreTransaction } from '@andon/core/connector'
import { int4Array, int8Array, textArray, uuidArray } from '../database/arrays.js'
import { bodyOf, type Row } from '../database/row.js'
import type { Session } from '../database/session.js'
import { type Statement, statements } from '../database/statement.js'
import { nameKey } from '../journal/keys.js'
import { lockClass, stripeOf } from './absent-locks.js'

type SignalWriting = Pick<StoreTransaction, 'putSignals' | 'getSignal' | 'findSignals'>

export type SignalStatements = Readonly<Record<keyof ReturnType<typeof texts>, Statement>>

const texts = (schema: string) => ({
  put_signals: `INSERT INTO $schema.signals AS s (id, tenant, fingerprint, status, opened_at, body)
    SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::bigint[], $6::text[])
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, body = excluded.body`,
  signals_by_id: 'SELECT body FROM $schema.signals WHERE id = ANY ($1::text[]) ORDER BY id FOR UPDATE',
  signals_by_print: `SELECT body FROM $schema.find_signals($1::uuid[], $2::int[], ${lockClass(schema)}) ORDER BY id`,
  lock_absent: `SELECT pg_advisory_xact_lock(${lockClass(schema)}, stripe) FROM unnest($1::int[]) AS stripe`,
})

export const signalStatements = (schema: string): SignalStatements => statements(schema, texts(schema))

/**
 * Signals inside a transaction. A row that is read is locked, in the order of the ids; where there is none yet, what
 * is locked is its name: so of a finding that two workers make at once, the second one finds the first one's signal.
 */
export function signalWriting(session: Session, sql: SignalStatements): SignalWriting {
  const locked = new Set<string>()

  /** The stripe of a name whose lock is wanted, or what says that it is held already. */
  const stripeWanted = (name: string): number => (locked.has(name) ? alreadyLocked : stripeOf('signal', name))

  return {
    async putSignals(signals) {
      if (signals.length === 0) return
      // The last of each id, in the order of the ids.
      const last = new Map(signals.map((signal) => [signal.id, signal]))
      const rows = [...last.values()].sort((left, right) => (left.id < right.id ? -1 : 1))
      const unread = rows.filter(
        ({ id, fingerprint }) => !locked.has(`i${id}`) && !locked.has(`f${fingerprint}`),
      )
      if (unread.length > 0) {
        session.later(sql.lock_absent, [int4Array(stripesOf(unread.map(({ id }) => `i${id}`)))])
      }
      session.later(sql.put_signals, [
        textArray(rows.map(({ id }) => id)),
        textArray(rows.map(({ tenant }) => tenant)),
        uuidArray(rows.map(({ fingerprint }) => nameKey(fingerprint))),
        textArray(rows.map(({ status }) => status)),
        int8Array(rows.map(({ openedAt }) => openedAt)),
        textArray(rows.map((signal) => JSON.stringify(signal))),
      ])
    },
    async getSignal(id) {
      const name = `i${id}`
      const found = await session.run(sql.signals_by_id, [textArray([id])])
      if (found.length > 0 || locked.has(name)) {
        locked.add(name)
        return signalsIn(found)[0]
      }
      session.later(sql.lock_absent, [int4Array(stripesOf([name]))])
      locked.add(name)
      // Who had the lock before may have made it.
      return signalsIn(await session.run(sql.signals_by_id, [textArray([id])]))[0]
    },
    async findSignals(fingerprints) {
      if (fingerprints.length === 0) return []
      const names = [...new Set(fingerprints)].map((print) => `f${print}`)
      const prints = uuidArray(names.map((name) => nameKey(name.slice(1))))
      const found = await session.run(sql.signals_by_print, [prints, int4Array(names.map(stripeWanted))])
      for (const name of names) locked.add(name)
      return signalsIn(found)
    },
  }
}

const alreadyLocked = -1

const signalsIn = (rows: readonly Row[]): readonly Signal[] =>
  rows.flatMap((row) => bodyOf<Signal>(row) ?? [])

const stripesOf = (names: readonly string[]): readonly number[] =>
  [...new Set(names.map((name) => stripeOf('signal', name)))].sort((left, right) => left - right)
