/** @import { Mismatch, RuleModule } from './compare.mjs' */
import { seeded } from '../support/random.mjs'
import { ask, compareAll, ownVerdict } from './compare.mjs'
import { openPostgres } from './postgres.mjs'
import { randomPredicates } from './predicates.mjs'
import { randomFeedback } from './rows.mjs'
import { seededBugs, withBug } from './seeded-bugs.mjs'
import { openSqlite } from './sqlite.mjs'

/**
 * @typedef {object} OracleOptions
 * @property {number} seed
 * @property {number} predicates
 * @property {number} rows
 * @property {(line: string) => void} [progress]
 *
 * @typedef {object} OracleReport
 * @property {number} seed
 * @property {number} predicates
 * @property {number} rows
 * @property {number} sqlite predicates that SQLite was asked, too
 * @property {readonly Mismatch[]} mismatches
 * @property {readonly { name: string, noticed: string | undefined }[]} bugs each with the predicate that showed it
 */

/**
 * Compares the rule language with PostgreSQL and SQLite over random predicates and rows, then breaks it on purpose.
 *
 * @param {RuleModule} rule
 * @param {OracleOptions} options
 * @returns {Promise<OracleReport>}
 */
export async function runOracle(rule, { seed, predicates: count, rows: size, progress = () => undefined }) {
  const random = seeded(seed)
  const rows = randomFeedback(size, random)
  const predicates = randomPredicates(count, random)
  const simple = predicates.filter((predicate) => predicate.simple)

  progress(`Evaluating ${count} predicates over ${size} rows`)
  const own = new Map(predicates.map(({ text }) => [text, ownVerdict(rule, text, rows)]))
  const known = (/** @type {string} */ text) => own.get(text) ?? ''

  progress(`Asking SQLite ${simple.length} of them`)
  const sqlite = openSqlite(rows)
  const bySqlite = await ask(rule, sqlite, simple)
  await sqlite.close()

  progress('Asking PostgreSQL all of them')
  const postgres = await openPostgres(rows)
  const byPostgres = await ask(rule, postgres, predicates)
  await postgres.close()

  const mismatches = [
    ...compareAll(simple, known, bySqlite, sqlite.name),
    ...compareAll(predicates, known, byPostgres, postgres.name),
  ]

  const bugs = []
  for (const bug of seededBugs) {
    progress(`Seeding a bug: ${bug.name}`)
    const noticed = await withBug(bug, (broken) =>
      predicates.find(({ text }, index) => ownVerdict(broken, text, rows) !== byPostgres[index]),
    )
    bugs.push({ name: bug.name, noticed: noticed?.text })
  }
  return { seed, predicates: count, rows: size, sqlite: simple.length, mismatches, bugs }
}
