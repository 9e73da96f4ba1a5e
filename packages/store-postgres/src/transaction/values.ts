import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { JsonValue, StoreTransaction } from '@andon/core/connector'
import { int4Array, storable } from '../database/arrays.js'
import { jsonValueOf, type Row } from '../database/row.js'
import type { Session } from '../database/session.js'
import { type Statement, statements } from '../database/statement.js'
import { lockClass, stripeOf } from './absent-locks.js'

type ValueWriting = Pick<
  StoreTransaction,
  'keep' | 'kept' | 'putSnapshot' | 'setPosition' | 'removeQuarantined'
>

export type ValueStatements = Readonly<Record<keyof ReturnType<typeof texts>, Statement>>

const texts = (schema: string) => ({
  lock_kept: `SELECT pg_advisory_xact_lock(${lockClass(schema)}, stripe) FROM unnest($1::int[]) AS stripe`,
  get_kept: 'SELECT value FROM $schema.kept WHERE name = $1',
  keep: 'INSERT INTO $schema.kept VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  put_snapshot: `INSERT INTO $schema.snapshots VALUES ($1, $2, $3, $4) ON CONFLICT (stage) DO UPDATE
    SET entry_offset = excluded.entry_offset, codec = excluded.codec, state = excluded.state`,
  set_position: `INSERT INTO $schema.positions VALUES ($1, $2)
    ON CONFLICT (source) DO UPDATE SET position = excluded.position`,
  remove_quarantined: 'DELETE FROM $schema.quarantine WHERE id = $1',
})

export const valueStatements = (schema: string): ValueStatements => statements(schema, texts(schema))

/** Values under names. */
export function valueWriting(session: Session, sql: ValueStatements): ValueWriting {
  const lock = (name: string): void => session.later(sql.lock_kept, [int4Array([stripeOf('kept', name)])])
  return {
    async keep(name, value) {
      lock(name)
      session.later(sql.keep, [storable(name), JSON.stringify(value)])
    },
    async kept(name) {
      lock(name)
      const [row] = await session.run(sql.get_kept, [storable(name)])
      return jsonValueOf(row)
    },
    async putSnapshot(stage, { offset, state }) {
      const { codec, bytes } = packState(state)
      session.later(sql.put_snapshot, [storable(stage), offset, codec, bytes])
    },
    async setPosition(source, position) {
      session.later(sql.set_position, [storable(source), JSON.stringify(position)])
    },
    async removeQuarantined(id) {
      session.later(sql.remove_quarantined, [storable(id)])
    },
  }
}

const codecs = { plain: 0, zstd: 1 } as const
// Below this, compression saves less than it costs.
const compressFrom = 2048
const fastest = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

function packState(state: JsonValue): { readonly codec: number; readonly bytes: Buffer } {
  const plain = Buffer.from(JSON.stringify(state))
  return plain.length < compressFrom
    ? { codec: codecs.plain, bytes: plain }
    : { codec: codecs.zstd, bytes: zstdCompressSync(plain, fastest) }
}

/** What `packState` made. */
export function stateIn({ codec, state }: Row): JsonValue {
  const bytes = state instanceof Uint8Array ? state : new Uint8Array()
  const plain = Number(codec) === codecs.zstd ? zstdDecompressSync(bytes) : Buffer.from(bytes)
  return JSON.parse(plain.toString()) as JsonValue
}
