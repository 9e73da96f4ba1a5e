/** @import { FeedbackRecord } from '@andon/core/feedback' */
/** @import { ColumnType } from './table.mjs' */
/** @import { Database } from './postgres.mjs' */
import { DatabaseSync } from 'node:sqlite'
import { joined, tables, verdictOf } from './table.mjs'

/** @type {Readonly<Record<ColumnType, string>>} */
const types = {
  text: 'TEXT',
  number: 'REAL',
  integer: 'INTEGER',
  boolean: 'INTEGER',
  instant: 'TEXT',
  date: 'TEXT',
  texts: 'TEXT',
  numbers: 'TEXT',
}

/** @param {unknown} value */
const cell = (value) => {
  if (typeof value === 'string' || typeof value === 'number') return value
  return typeof value === 'boolean' ? Number(value) : null
}

/**
 * SQLite for the predicates that it reads as PostgreSQL does (`simple` of `predicates.mjs`); much faster.
 *
 * @param {readonly FeedbackRecord[]} rows
 * @returns {Database}
 */
export function openSqlite(rows) {
  const db = new DatabaseSync(':memory:')
  // ILIKE is left to PostgreSQL; LIKE is made to tell capitals from small letters as it does there.
  db.exec('PRAGMA case_sensitive_like = ON')
  for (const { name, columns } of tables) {
    const defined = columns.map((column) => `${column.name} ${types[column.type]}`).join(', ')
    db.exec(`CREATE TABLE ${name} (row_id INTEGER PRIMARY KEY, ${defined})`)
    const insert = db.prepare(`INSERT INTO ${name} VALUES (?, ${columns.map(() => '?').join(', ')})`)
    for (const [index, row] of rows.entries())
      insert.run(index, ...columns.map(({ read }) => cell(read(row))))
  }
  /** @param {string} predicate */
  function verdict(predicate) {
    try {
      const found = db.prepare(`SELECT (${verdictOf(predicate)}) AS v FROM ${joined} ORDER BY row_id`).all()
      return found.map(({ v }) => String(v)).join('')
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }
  return {
    name: 'SQLite',
    // `a = b LIKE c` is `(a = b) LIKE c` there.
    asPrinted: false,
    verdicts: async (predicates) => predicates.map(verdict),
    close: async () => db.close(),
  }
}
