/** @import { FeedbackRecord } from '@andon/core/feedback' */
/** @import { ColumnType } from './table.mjs' */
import { PGlite } from '@electric-sql/pglite'
import { now } from './rows.mjs'
import { joined, tables, verdictOf } from './table.mjs'

/**
 * PostgreSQL's types. Numbers are decimals, as those of JSON are. Texts sort by code point and change case one
 * code point for one.
 *
 * @type {Readonly<Record<ColumnType, string>>}
 */
const types = {
  text: 'text COLLATE pg_c_utf8',
  number: 'numeric',
  integer: 'integer',
  boolean: 'boolean',
  instant: 'timestamptz',
  date: 'date',
  texts: 'text[] COLLATE pg_c_utf8',
  numbers: 'numeric[]',
}

/** A clock that stands still: found before PostgreSQL's own. */
const setup = `
  SET TimeZone = 'UTC';
  CREATE SCHEMA oracle;
  CREATE FUNCTION oracle.now() RETURNS timestamptz LANGUAGE sql IMMUTABLE
    AS $$ SELECT timestamptz '${new Date(now).toISOString()}' $$;
  SET search_path = oracle, pg_catalog;`

/** Predicates a query: enough that a query costs little beside them. */
const batchSize = 25

/** @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "''")}'`

/** @param {unknown} value @returns {string} */
function literal(value) {
  if (value === undefined || value === null) return 'NULL'
  if (Array.isArray(value)) return `ARRAY[${value.map(literal).join(', ')}]`
  return typeof value === 'string' ? quoted(value) : String(value)
}

/**
 * @typedef {object} Database
 * @property {string} name
 * @property {boolean} asPrinted it reads what the rule printer writes; otherwise it needs every parenthesis
 * @property {(predicates: readonly string[]) => Promise<readonly (string | Error)[]>} verdicts for each predicate
 *   one digit a row (see `verdictOf`), or why it was refused
 * @property {() => Promise<void>} close
 */

/** @param {readonly FeedbackRecord[]} rows @returns {Promise<Database>} */
export async function openPostgres(rows) {
  const db = new PGlite()
  await db.exec(setup)
  for (const { name, columns } of tables) {
    const defined = columns.map((column) => `${column.name} ${types[column.type]}`).join(', ')
    await db.exec(`CREATE TABLE ${name} (row_id integer PRIMARY KEY, ${defined})`)
    const values = rows.map((row, index) => {
      const cells = columns.map(({ type, read }) => {
        const cell = literal(read(row))
        return type === 'texts' || type === 'numbers'
          ? `${cell}::${type === 'texts' ? 'text' : 'numeric'}[]`
          : cell
      })
      return `(${index}, ${cells.join(', ')})`
    })
    await db.exec(`INSERT INTO ${name} VALUES ${values.join(',\n')}`)
  }
  await db.exec('ANALYZE')

  /** @param {readonly string[]} predicates @returns {Promise<readonly (string | Error)[]>} */
  async function verdicts(predicates) {
    const items = predicates.map(
      (predicate, index) => `string_agg((${verdictOf(predicate)})::text, '' ORDER BY row_id) AS p${index}`,
    )
    try {
      const { rows: found } = await db.query(`SELECT ${items.join(',\n')} FROM ${joined}`)
      const row = /** @type {Record<string, string>} */ (found[0] ?? {})
      return predicates.map((_, index) => row[`p${index}`] ?? '')
    } catch (error) {
      if (predicates.length === 1) return [error instanceof Error ? error : new Error(String(error))]
      // One of them was refused: ask each by itself.
      const each = []
      for (const predicate of predicates) each.push(...(await verdicts([predicate])))
      return each
    }
  }

  return {
    name: 'PostgreSQL',
    asPrinted: true,
    async verdicts(predicates) {
      const all = []
      for (let from = 0; from < predicates.length; from += batchSize)
        all.push(...(await verdicts(predicates.slice(from, from + batchSize))))
      return all
    },
    close: () => db.close(),
  }
}
