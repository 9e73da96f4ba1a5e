import { types } from 'pg'
import type { Statement } from './statement.js'

/** The timeline that the server writes: it changes when another server takes over. */
export const timelineNow = 'left(pg_walfile_name(pg_current_wal_lsn()), 8)'

/** Bytes come as they are, without a detour over text. */
const bytesOrText = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    format === 'binary'
      ? (binaryParsers[oid] ?? types.getTypeParser(oid, 'binary'))
      : types.getTypeParser(oid, 'text'),
}

const binaryParsers: Readonly<Record<number, (value: Buffer) => unknown>> = {
  // A copy: the driver reads the next answer into the same memory.
  17: (value) => Buffer.from(value),
  20: (value) => Number(value.readBigInt64BE(0)),
}

export function queryOf({ name, text, binary }: Statement, values: readonly unknown[]) {
  return {
    text,
    values: [...values],
    ...(name === '' ? {} : { name }),
    ...(binary === true ? { binary: true, types: bytesOrText } : {}),
  }
}
