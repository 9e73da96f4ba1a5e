/** @import { FeedbackRecord } from '@andon/core/feedback' */
/** @import { Database } from './postgres.mjs' */
/** @import { Generated } from './predicates.mjs' */
import { now } from './rows.mjs'

/**
 * @typedef {typeof import('@andon/core/rule')} RuleModule
 *
 * @typedef {object} Mismatch
 * @property {string} predicate
 * @property {string} against the database, or `the partition`
 * @property {string} what
 */

/**
 * The condition as the rule printer writes it: that is what PostgreSQL is asked, so that parser and printer are
 * compared along with the evaluation.
 *
 * @param {RuleModule} rule
 * @param {string} predicate
 */
function printed({ parseRules, printRules }, predicate) {
  const head = 'WHERE '
  const tail = '\nESCALATE TO nobody'
  const text = printRules(
    parseRules(`CREATE RULE probe AS SELECT * FROM feedbacks ${head}${predicate}${tail};`),
  )
  return text.slice(text.indexOf(head) + head.length, text.lastIndexOf(tail))
}

/**
 * What the rule language says of a predicate over the rows, digit by digit as `verdictOf` has it.
 *
 * @param {RuleModule} rule
 * @param {string} predicate
 * @param {readonly FeedbackRecord[]} rows
 */
export function ownVerdict({ parsePredicate, evaluate }, predicate, rows) {
  const [is, isNot, isUnknown] = [predicate, `NOT (${predicate})`, `(${predicate}) IS NULL`].map(
    parsePredicate,
  )
  if (is === undefined || isNot === undefined || isUnknown === undefined) throw new Error('three were parsed')
  return rows
    .map((row) => {
      const [a, b, c] = [is, isNot, isUnknown].map((one) => evaluate(one, row, { now }) === true)
      return (a ? 1 : 0) + (b ? 2 : 0) + (c ? 4 : 0)
    })
    .join('')
}

/**
 * Rows where two verdicts differ, and rows that break the partition in either.
 *
 * @param {string} predicate
 * @param {string} own
 * @param {string | Error} theirs
 * @param {string} against
 * @returns {readonly Mismatch[]}
 */
function mismatches(predicate, own, theirs, against) {
  if (typeof theirs !== 'string') return [{ predicate, against, what: `refused: ${theirs.message}` }]
  const found = []
  const differs = [...own].findIndex((verdict, row) => verdict !== theirs[row])
  if (differs >= 0 || own.length !== theirs.length)
    found.push({ predicate, against, what: `row ${differs}: ${own[differs]} here, ${theirs[differs]} there` })
  for (const [verdict, whose] of [
    [own, 'here'],
    [theirs, 'there'],
  ]) {
    const odd = [...(verdict ?? '')].findIndex((digit) => digit !== '1' && digit !== '2' && digit !== '4')
    if (odd >= 0) found.push({ predicate, against: 'the partition', what: `row ${odd} ${whose}` })
  }
  return found
}

/**
 * What a database says of each predicate.
 *
 * @param {RuleModule} rule
 * @param {Database} database
 * @param {readonly Generated[]} predicates
 */
export const ask = (rule, database, predicates) =>
  database.verdicts(predicates.map(({ text }) => (database.asPrinted ? printed(rule, text) : text)))

/**
 * Where the rule language says something else than a database did.
 *
 * @param {readonly Generated[]} predicates
 * @param {(predicate: string) => string} own the rule language's verdict
 * @param {readonly (string | Error)[]} theirs in the order of the predicates
 * @param {string} against the database's name
 * @returns {readonly Mismatch[]}
 */
export const compareAll = (predicates, own, theirs, against) =>
  predicates.flatMap(({ text }, index) =>
    mismatches(text, own(text), theirs[index] ?? new Error('no answer'), against),
  )
