import type { QuarantineRecord } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'
import { byteaArray, int4Array, int8Array, storable, uuidArray } from '../database/arrays.js'
import type { Database } from '../database/database.js'
import type { Row } from '../database/row.js'
import { type Statement, statements } from '../database/statement.js'
import { sqlStateOf } from '../failure.js'
import type { Tasks } from '../tasks.js'
import { TurnTaker } from '../turn-taker.js'
import { type NewLogEntry, packSegments } from './pack-segments.js'
import { placesIn } from './segment-meta.js'

const dayMs = 86_400_000
/** Entries in one statement; an append that is larger goes alone. */
const mostTogether = 2048
/** Statements under way together: while the disk flushes for one, the server works on the next. */
const statementsAtOnce = 2
/** No partition for a row: another process has dropped a day that this one’s clock takes for today. */
const noPartition = '23514'

export interface LogAppend {
  readonly log: number
  /** In the order of their places: positions of a lane, or numbers from 0 on in the journal. */
  readonly entries: readonly NewLogEntry[]
  /** A lane's: the first place that is new. Another process may have been faster. */
  readonly from?: number
  /** The place after the last, counted like the entries'. */
  readonly next: number
  readonly quarantined?: readonly QuarantineRecord[]
}

/** What stands in the log after an append. */
export interface LogAppended {
  /** False when places from `from` on had been written already; nothing was written then. */
  readonly written: boolean
  readonly firstOffset: number
  readonly lastOffset: number
  readonly lastAt: number
  readonly nextPlace: number
  /** The instant of the last entry before. */
  readonly floorAt: number
  /** Places of entries that were seen before. */
  readonly leftOut: ReadonlySet<number>
}

export type LogWriter = (append: LogAppend) => Promise<LogAppended>

/**
 * Writes into logs: one statement, which is a transaction by itself, whatever the number of entries. Appends to several
 * logs that come while two are under way go together in the next, for what each costs is the commit above all.
 */
export function logWriter(database: Database, tasks: Tasks): LogWriter {
  const sql = statements(database.settings.schema, { add_day: 'SELECT $schema.add_day($1::int)' })
  const appendsOf = appendStatements(database.settings.schema)
  const days = new Map<number, Promise<unknown>>()
  const dayThere = (day: number): Promise<unknown> => {
    const known = days.get(day)
    if (known !== undefined) return known
    const added = database.run('write the journal', sql.add_day, [day])
    added.catch(() => days.delete(day))
    days.set(day, added)
    return added
  }
  const run = async (appends: readonly LogAppend[]): Promise<readonly LogAppended[]> => {
    const day = Math.floor(Date.now() / dayMs)
    await dayThere(day)
    // Ahead of midnight, and nobody waits for it.
    if (!days.has(day + 1)) dayThere(day + 1).catch(() => undefined)
    const values = appends.flatMap((append) => valuesOf(append, day))
    const rows = await database.run('write the journal', appendsOf(appends.length), values)
    return rows.toSorted((a, b) => Number(a.call) - Number(b.call)).map(appendedOf)
  }
  const alone = async (append: LogAppend): Promise<LogAppended | undefined> => {
    try {
      return (await run([append]))[0]
    } catch (error) {
      if (!(error instanceof AndonError) || sqlStateOf(error.cause) !== noPartition) throw error
      days.clear()
      return (await run([append]))[0]
    }
  }
  const group = async (appends: readonly LogAppend[]): Promise<readonly Outcome[]> => {
    // Always in the order of the logs: two processes that write the same ones would otherwise wait for each other.
    const inOrder = [...appends.entries()].sort(([, a], [, b]) => a.log - b.log)
    const written =
      appends.length === 1 ? undefined : await run(inOrder.map(([, append]) => append)).catch(none)
    // What is wrong with one is no matter of the others.
    if (written === undefined) return Promise.allSettled(appends.map(alone))
    const outcomes: Outcome[] = []
    for (const [place, [index]] of inOrder.entries()) {
      outcomes[index] = { status: 'fulfilled', value: written[place] }
    }
    return outcomes
  }
  const turns = new TurnTaker(
    group,
    ({ entries }: LogAppend) => entries.length,
    mostTogether,
    tasks,
    statementsAtOnce,
  )
  return async (append) => {
    const outcome = await turns.take(append)
    if (outcome.status === 'rejected') throw outcome.reason
    if (outcome.value === undefined) throw new Error('an append was left without an answer')
    return outcome.value
  }
}

type Outcome = PromiseSettledResult<LogAppended | undefined>

const none = (): undefined => undefined

/** The types of one append's parameters, in their order. */
const parameters = [
  ...['int', 'bigint', 'bigint', 'int', 'uuid[]', 'uuid[]', 'bigint[]', 'bigint[]', 'int[]', 'bigint[]'],
  ...['bigint[]', 'bigint[]', 'bigint[]', 'int[]', 'bytea[]', 'bytea[]', 'json'],
]

/** A statement for each number of appends: one row for each, in their order. */
function appendStatements(schema: string): (count: number) => Statement {
  const known = new Map<number, Statement>()
  const made = (count: number): Statement => {
    const calls = Array.from({ length: count }, (_, call) => {
      const first = call * parameters.length + 1
      const values = parameters.map((type, index) => `$${first + index}::${type}`)
      return `SELECT ${call} AS call, a.* FROM ${schema}.append(${values.join(', ')}) AS a`
    })
    return { name: `append_${count}`, text: calls.join(' UNION ALL ') }
  }
  return (count) => {
    const statement = known.get(count) ?? made(count)
    known.set(count, statement)
    return statement
  }
}

const appendedOf = (row: Row): LogAppended => ({
  written: row.written === true,
  firstOffset: Number(row.first_offset),
  lastOffset: Number(row.last_offset),
  lastAt: Number(row.last_at),
  nextPlace: Number(row.next_place),
  floorAt: Number(row.floor_at),
  leftOut: new Set(placesIn(row.left_out)),
})

function valuesOf({ log, entries, from, next, quarantined = [] }: LogAppend, day: number): unknown[] {
  const feedback = entries.flatMap((entry) => (entry.kind === 'feedback' ? [entry] : []))
  const segments = packSegments(entries)
  const records = quarantined.map((record) => {
    return {
      id: storable(record.id),
      tenant: storable(record.tenant),
      at: record.at,
      body: JSON.stringify(record),
    }
  })
  return [
    ...[log, from ?? null, next, day],
    uuidArray(feedback.map(({ key }) => key)),
    uuidArray(feedback.map(({ id }) => id)),
    int8Array(feedback.map(({ place }) => place)),
    int8Array(feedback.map(({ at }) => at)),
    int4Array(segments.map(({ count }) => count)),
    int8Array(segments.map(({ firstPlace }) => firstPlace)),
    int8Array(segments.map(({ lastPlace }) => lastPlace)),
    int8Array(segments.map(({ at }) => at)),
    int8Array(segments.map(({ tickAt }) => tickAt)),
    int4Array(segments.map(({ codec }) => codec)),
    byteaArray(segments.map(({ meta }) => meta)),
    byteaArray(segments.map(({ entries: bytes }) => bytes)),
    records.length === 0 ? null : JSON.stringify(records),
  ]
}
