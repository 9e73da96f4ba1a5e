import type { Statement } from './statement.js'

/** The timeline that the server writes: it changes when another server takes over. */
export const timelineNow = 'left(pg_walfile_name(pg_current_wal_lsn()), 8)'

/** A statement as the driver takes it. Answers come as text: it cannot read the binary format. */
export const queryOf = ({ name, text }: Statement, values: readonly unknown[]) => ({
  text,
  values: [...values],
  ...(name === '' ? {} : { name }),
})
