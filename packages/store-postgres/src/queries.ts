import {
  actionOf,
  type Belief,
  type QuarantineRecord,
  type Signal,
  type Store,
  subjectKey,
} from '@andon/core/connector'
import { storable, textArray } from './database/arrays.js'
import type { Database } from './database/database.js'
import { bodyOf, jsonValueOf, optionalNumber, type Row } from './database/row.js'
import { type Statement, statements } from './database/statement.js'
import { selectAction } from './transaction/actions.js'
import { stateIn } from './transaction/values.js'

type Queries = Pick<
  Store,
  'signals' | 'actions' | 'beliefs' | 'audit' | 'quarantine' | 'checkpoint' | 'snapshot' | 'position' | 'kept'
>

const defaultLimit = 1000

const texts = {
  get_signal: 'SELECT body FROM $schema.signals WHERE id = $1',
  get_action: `${selectAction} WHERE a.id = $1`,
  due_actions: `${selectAction} WHERE s.wake_at <= $1 ORDER BY s.wake_at, s.number LIMIT $2`,
  next_due: `SELECT least((SELECT min(wake_at) FROM $schema.action_states WHERE wake_at IS NOT NULL),
    (SELECT min(due_at) FROM $schema.action_states WHERE is_open AND due_at > $1)) AS next`,
  open_actions: `SELECT target, count(*) AS count FROM $schema.action_states WHERE is_open GROUP BY target ORDER BY target`,
  list_beliefs: `SELECT body FROM $schema.beliefs WHERE target = $1 AND (tenant, subject) > ($2, $3)
    ORDER BY tenant, subject LIMIT $4`,
  list_tenant_beliefs: `SELECT body FROM $schema.beliefs WHERE target = $1 AND tenant = $2 AND subject > $3
    ORDER BY subject LIMIT $4`,
  read_audit: `SELECT sequence, hash, line FROM $schema.audit
    WHERE tenant = $1 AND sequence >= $2 ORDER BY sequence LIMIT $3`,
  audit_ends: 'SELECT * FROM $schema.audit_heads WHERE sequence > 0 ORDER BY tenant',
  get_quarantined: 'SELECT body FROM $schema.quarantine WHERE id = $1',
  get_checkpoint: 'SELECT entry_offset FROM $schema.checkpoints WHERE stage = $1',
  get_snapshot: 'SELECT entry_offset, codec, state FROM $schema.snapshots WHERE stage = $1',
  get_position: 'SELECT position AS value FROM $schema.positions WHERE source = $1',
  read_kept: 'SELECT value FROM $schema.kept WHERE name = $1',
}

/** The read side of the store: it sees what is committed and nothing else. */
export function queries(database: Database): Queries {
  const { schema } = database.settings
  const sql = statements(schema, texts)
  const rows = (statement: Statement, values: readonly unknown[] = []): Promise<readonly Row[]> =>
    database.run('answer', statement, values)
  const first = async (statement: Statement, values: readonly unknown[]): Promise<Row | undefined> =>
    (await rows(statement, values))[0]
  /** A list by what it is narrowed down to: each combination is a statement of its own, with a plan of its own. */
  const list = (
    name: string,
    select: string,
    order: string,
    filters: readonly Filter[],
    limit = defaultLimit,
  ): Promise<readonly Row[]> => {
    const used = filters.filter(({ value }) => value !== undefined)
    const where = used.map(({ column, isList }, index) =>
      isList === true ? `${column} = ANY ($${index + 1}::text[])` : `${column} = $${index + 1}`,
    )
    const narrowed = where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`
    const text = `${select}${narrowed} ORDER BY ${order} LIMIT $${used.length + 1}`
    return rows(
      {
        name: [name, ...used.map(({ column }) => column.replace(/\W/g, '_'))].join('_by_'),
        text: text.replaceAll('$schema', schema),
      },
      [...used.map(({ value }) => value), limit],
    )
  }

  return {
    signals: {
      get: async (id) => bodyOf<Signal>(await first(sql.get_signal, [storable(id)])),
      list: async ({ tenant, status, limit } = {}) => {
        const filters = [only('tenant', tenant), oneOf('status', status)]
        const select = 'SELECT body FROM $schema.signals'
        const found = await list('list_signals', select, 'opened_at, id', filters, limit)
        return found.flatMap((row) => bodyOf<Signal>(row) ?? [])
      },
    },
    actions: {
      get: async (id) => actionOf(await first(sql.get_action, [storable(id)])),
      list: async ({ tenant, status, signalId, limit } = {}) => {
        const filters = [only('a.tenant', tenant), oneOf('s.status', status), only('a.signal_id', signalId)]
        const order = 's.priority, s.created_at, s.number'
        const found = await list('list_actions', selectAction, order, filters, limit)
        return found.flatMap((row) => actionOf(row) ?? [])
      },
      due: async (before, limit) =>
        (await rows(sql.due_actions, [Math.floor(before), limit])).flatMap((row) => actionOf(row) ?? []),
      nextDue: async (after) => optionalNumber((await first(sql.next_due, [Math.floor(after)]))?.next),
      open: async () => {
        const found = await rows(sql.open_actions)
        return Object.fromEntries(found.map(({ target, count }) => [String(target), Number(count)]))
      },
    },
    beliefs: {
      async list({ target, tenant, after, limit }) {
        const place = placeOf(after)
        const found =
          tenant === undefined
            ? await rows(sql.list_beliefs, [storable(target), place.tenant, place.subject, limit])
            : await rows(sql.list_tenant_beliefs, [storable(target), storable(tenant), place.subject, limit])
        const beliefs = found.flatMap((row) => bodyOf<Belief>(row) ?? [])
        const last = beliefs.at(-1)
        if (last === undefined || beliefs.length < limit) return { beliefs }
        return { beliefs, next: JSON.stringify([storable(last.tenant), storable(subjectKey(last.subject))]) }
      },
    },
    audit: {
      read: async (tenant, from, limit) => {
        const found = await rows(sql.read_audit, [storable(tenant), from, limit])
        return found.map(({ sequence, hash, line }) => {
          return { sequence: Number(sequence), hash: String(hash), text: String(line) }
        })
      },
      heads: async () => {
        const found = await rows(sql.audit_ends)
        return found.map(({ tenant, sequence, hash }) => {
          return { tenant: String(tenant), sequence: Number(sequence), hash: String(hash) }
        })
      },
    },
    quarantine: {
      get: async (id) => bodyOf<QuarantineRecord>(await first(sql.get_quarantined, [storable(id)])),
      list: async ({ tenant, limit } = {}) => {
        const select = 'SELECT body FROM $schema.quarantine'
        const found = await list('list_quarantined', select, 'at, id', [only('tenant', tenant)], limit)
        return found.flatMap((row) => bodyOf<QuarantineRecord>(row) ?? [])
      },
    },
    checkpoint: async (stage) =>
      Number((await first(sql.get_checkpoint, [storable(stage)]))?.entry_offset ?? 0),
    snapshot: async (stage) => {
      const row = await first(sql.get_snapshot, [storable(stage)])
      return row === undefined ? undefined : { offset: Number(row.entry_offset), state: stateIn(row) }
    },
    position: async (source) => jsonValueOf(await first(sql.get_position, [storable(source)])),
    kept: async (name) => jsonValueOf(await first(sql.read_kept, [storable(name)])),
  }
}

/** A cursor holds what `list` wrote into it. */
function placeOf(after: string | undefined): { readonly tenant: string; readonly subject: string } {
  const [tenant, subject] = after === undefined ? ['', ''] : (JSON.parse(after) as [string, string])
  return { tenant, subject }
}

interface Filter {
  readonly column: string
  /** Undefined: it is not narrowed down by this. */
  readonly value: string | Buffer | undefined
  readonly isList?: true
}

const only = (column: string, value: string | undefined): Filter => ({
  column,
  value: value === undefined ? undefined : storable(value),
})
const oneOf = (column: string, values: readonly string[] | undefined): Filter => ({
  column,
  value: values === undefined ? undefined : textArray(values),
  isList: true,
})
