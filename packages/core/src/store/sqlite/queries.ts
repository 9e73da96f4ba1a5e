import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { QuarantineRecord, Store } from '../../connector/store.js'
import type { JsonValue } from '../../json.js'
import type { Signal } from '../../signal/signal.js'
import { actionOf, selectAction } from './action-row.js'
import { outboxReading } from './actions.js'
import { auditReading } from './audit.js'
import { beliefReading } from './beliefs.js'
import { bodyOf, jsonValueOf } from './row.js'

type Queries = Pick<
  Store,
  | 'signals'
  | 'actions'
  | 'beliefs'
  | 'audit'
  | 'quarantine'
  | 'checkpoint'
  | 'snapshot'
  | 'position'
  | 'kept'
  | 'aggregates'
>

const defaultLimit = 1000

/** The read side of the store, on its own connection: it sees what is committed and nothing else. */
export function sqliteQueries(reader: DatabaseSync): Queries {
  const signal = reader.prepare('SELECT body FROM signals WHERE id = ?')
  const action = reader.prepare(`${selectAction} WHERE id = ?`)
  const quarantined = reader.prepare('SELECT body FROM quarantine WHERE id = ?')
  const checkpoint = reader.prepare('SELECT entry_offset FROM checkpoints WHERE stage = ?')
  const snapshot = reader.prepare('SELECT entry_offset, state FROM snapshots WHERE stage = ?')
  const position = reader.prepare('SELECT position AS value FROM positions WHERE source = ?')
  const kept = reader.prepare('SELECT value FROM kept WHERE name = ?')

  function rows(select: string, order: string, filters: readonly Filter[], limit = defaultLimit): Row[] {
    const used = filters.filter((filter) => filter.values !== undefined)
    const where = used.map(
      ({ column, values }) => `${column} IN (${(values ?? []).map(() => '?').join(', ')})`,
    )
    const sql = `${select}${where.length > 0 ? ` WHERE ${where.join(' AND ')}` : ''} ORDER BY ${order} LIMIT ?`
    return reader.prepare(sql).all(...used.flatMap(({ values }) => values ?? []), limit)
  }
  const list = <T>(table: string, order: string, filters: readonly Filter[], limit?: number): T[] =>
    rows(`SELECT body FROM ${table}`, order, filters, limit).flatMap((row) => bodyOf<T>(row) ?? [])

  return {
    signals: {
      get: async (id) => bodyOf<Signal>(signal.get(id)),
      list: async ({ tenant, status, limit } = {}) =>
        list<Signal>('signals', 'opened_at, id', [only('tenant', tenant), oneOf('status', status)], limit),
    },
    actions: {
      get: async (id) => {
        const row = action.get(id)
        return row === undefined ? undefined : actionOf(row)
      },
      list: async ({ tenant, status, signalId, limit } = {}) =>
        rows(
          selectAction,
          'priority, created_at, number',
          [only('tenant', tenant), oneOf('status', status), only('signal_id', signalId)],
          limit,
        ).map(actionOf),
      ...outboxReading(reader),
    },
    beliefs: beliefReading(reader),
    audit: auditReading(reader),
    quarantine: {
      get: async (id) => bodyOf<QuarantineRecord>(quarantined.get(id)),
      list: async ({ tenant, limit } = {}) =>
        list<QuarantineRecord>('quarantine', 'at, id', [only('tenant', tenant)], limit),
    },
    checkpoint: async (stage) => Number(checkpoint.get(stage)?.entry_offset ?? 0),
    snapshot: async (stage) => {
      const row = snapshot.get(stage)
      if (row === undefined) return undefined
      return { offset: Number(row.entry_offset), state: JSON.parse(String(row.state)) as JsonValue }
    },
    position: async (source) => jsonValueOf(position.get(source)),
    kept: async (name) => jsonValueOf(kept.get(name)),
    aggregates: async ({ tenant, fromHour = 0, toHour = Number.MAX_SAFE_INTEGER } = {}) => {
      const rows = reader
        .prepare(
          `SELECT * FROM hourly WHERE hour BETWEEN ? AND ? AND (? IS NULL OR tenant = ?)
           ORDER BY hour, tenant, channel, product_model, fault_code`,
        )
        .all(fromHour, toHour, tenant ?? null, tenant ?? null)
      return rows.map((row) => ({
        hour: Number(row.hour),
        tenant: String(row.tenant),
        channel: String(row.channel),
        productModel: String(row.product_model),
        faultCode: String(row.fault_code),
        count: Number(row.count),
        severitySum: Number(row.severity_sum),
      }))
    },
  }
}

type Row = Record<string, unknown>

interface Filter {
  readonly column: string
  readonly values: readonly SQLInputValue[] | undefined
}

const only = (column: string, value: string | undefined): Filter => ({
  column,
  values: value === undefined ? undefined : [value],
})
const oneOf = (column: string, values: readonly string[] | undefined): Filter => ({ column, values })
