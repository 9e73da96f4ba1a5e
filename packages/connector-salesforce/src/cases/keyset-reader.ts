import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { CallMeans } from '../http/salesforce-http.js'
import type { Moment } from '../http/server-time.js'
import { bulkPages } from '../rest/bulk-query.js'
import { quoted, type Rest } from '../rest/rest.js'
import { type Row, textAt, valueAt } from '../rest/rows.js'
import type { FieldList } from './field-list.js'

/** How far an object was read, in the order of (SystemModstamp, Id). */
export interface Mark {
  /** SystemModstamp, RFC 3339 in UTC. */
  readonly at: string
  readonly id: string
  /** Versions that were read within the look-back: `id` → version. */
  readonly recent: Readonly<Record<string, string>>
}

export const markSchema = z.object({
  at: z.iso.datetime(),
  id: z.string(),
  recent: z.record(z.string(), z.string()).default({}),
})

export interface KeysetOptions {
  readonly rest: Rest
  readonly object: string
  readonly fields: FieldList
  /** A further condition. */
  readonly filter: string | undefined
  readonly lookBackMs: number
  /** Where reading begins when nothing was read yet (RFC 3339 in UTC); absent: at the very first. */
  readonly since: string | undefined
  /** How all that is there already is read the first time. */
  readonly first: 'soql' | 'bulk'
  /** At most 2,000. */
  readonly pageRows: number
}

export interface PagesOptions {
  /** Not what was changed from this instant on (epoch ms, Salesforce's clock): it is read another time. */
  readonly until?: number | undefined
  /** What was changed from this instant on is young; asked for each page. Default: nothing is. */
  readonly youngFrom?: () => number
}

/** What is new or changed. */
export interface Page {
  readonly rows: readonly Row[]
  /** Read, but not counted as such before {@link KeysetReader.reached} says so. */
  readonly young: readonly Row[]
  /** When it was read. */
  readonly at: Moment
}

/** Versions that are remembered to leave out what the look-back brings again. */
const mostRecent = 20_000
/** As many of them are kept in a position. */
const mostKept = 50

const never = (): number => Number.POSITIVE_INFINITY

/** REST says `+0000`; SOQL and comparisons want `Z`. */
export const instantOf = (stamp: string): string => new Date(stamp.replace(/\+0000$/, 'Z')).toISOString()

/** Stands for everything that a row says, however it was read: with parents left out or null, in any order. */
function versionOf(row: Row, fields: FieldList): string {
  const values = Array.from(fields.keys(), (path) => valueAt(row, path) ?? null)
  return createHash('sha1').update(JSON.stringify(values)).digest('base64url').slice(0, 16)
}

/**
 * Reads an object in the order of (SystemModstamp, Id): equal time stamps do not stop it. Each reading begins a little
 * before where the last one ended, because a transaction is stamped when it begins and seen when it ends; what was read
 * in the same version is left out.
 */
export class KeysetReader {
  readonly #options: KeysetOptions
  #at: string | undefined
  #id = ''
  readonly #recent: Map<string, { readonly at: string; readonly version: string }>

  constructor(options: KeysetOptions, mark: Mark | undefined) {
    this.#options = options
    this.#at = mark?.at
    this.#id = mark?.id ?? ''
    const at = mark?.at ?? ''
    this.#recent = new Map(Object.entries(mark?.recent ?? {}).map(([id, version]) => [id, { at, version }]))
  }

  /** How far it has read; undefined before the first page. */
  get mark(): Mark | undefined {
    if (this.#at === undefined) return undefined
    const kept = [...this.#recent].slice(-mostKept)
    const recent = Object.fromEntries(kept.map(([id, { version }]) => [id, version]))
    return { at: this.#at, id: this.#id, recent }
  }

  /** The same without the versions: for positions that do not need them. */
  get bareMark(): Mark | undefined {
    return this.#at === undefined ? undefined : { at: this.#at, id: this.#id, recent: {} }
  }

  /** Everything up to this instant is known in another way. */
  moveTo(instant: string): void {
    // Stamps are whole seconds.
    const at = new Date(Math.floor(Date.parse(instant) / 1000) * 1000).toISOString()
    if (this.#at !== undefined && at <= this.#at) return
    this.#at = at
    this.#id = ''
    this.#forget()
  }

  /** Young rows up to this one are told, or will be in another way. */
  reached(row: Row): void {
    const id = textAt(row, 'Id')
    const stamp = textAt(row, 'SystemModstamp')
    if (id !== undefined && stamp !== undefined) this.#moveOn(instantOf(stamp), id)
  }

  /** This version was told already, in another way. */
  told(row: Row): void {
    const id = textAt(row, 'Id')
    const stamp = textAt(row, 'SystemModstamp')
    if (id === undefined || stamp === undefined) return
    this.#remember(id, instantOf(stamp), versionOf(row, this.#options.fields))
  }

  /**
   * What is new or changed, up to now. When it throws, reading again goes on behind the last page.
   */
  async *pages(
    means: CallMeans,
    { until, youngFrom = never }: PagesOptions = {},
  ): AsyncGenerator<Page, void, undefined> {
    if (this.#at === undefined && this.#options.first === 'bulk') {
      yield* this.#bulk(means, youngFrom)
      return
    }
    const from = this.#at === undefined ? this.#options.since : this.#before(this.#at)
    const { rest, pageRows } = this.#options
    const bound = until === undefined ? undefined : `SystemModstamp < ${new Date(until).toISOString()}`
    let condition = from === undefined ? undefined : `SystemModstamp >= ${from}`
    for (;;) {
      const soql = `${this.#select(condition, bound)} LIMIT ${pageRows}`
      const { done: rows, at } = await rest.http.serverTime.timed(means.clock, () =>
        rest.rows(soql, true, means),
      )
      const last = rows.at(-1)
      if (last === undefined) return
      yield { ...this.#fresh(rows, youngFrom()), at }
      if (rows.length < pageRows) return
      condition = afterRow(last)
    }
  }

  /** The first reading by a job; what fails in the middle goes on by SOQL behind the last page. */
  async *#bulk(means: CallMeans, youngFrom: () => number): AsyncGenerator<Page, void, undefined> {
    const { rest, fields, since, pageRows } = this.#options
    const types = new Map([...fields].map(([path, { type }]) => [path, type]))
    const soql = this.#select(since === undefined ? undefined : `SystemModstamp >= ${since}`)
    const { serverTime } = rest.http
    // Whenever the job looked.
    const { at: begun } = await serverTime.timed(means.clock, async () => undefined)
    for await (const rows of bulkPages(rest, { soql, types, pageRows }, means)) {
      const { at: got } = await serverTime.timed(means.clock, async () => undefined)
      yield { ...this.#fresh(rows, youngFrom()), at: { from: begun.from, by: got.by } }
    }
  }

  #select(condition: string | undefined, bound?: string): string {
    const { object, fields, filter } = this.#options
    const conditions = [condition, bound, filter]
      .filter((part) => part !== undefined)
      .map((part) => `(${part})`)
    const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
    return `SELECT ${[...fields.keys()].join(', ')} FROM ${object}${where} ORDER BY SystemModstamp, Id`
  }

  #before(at: string): string {
    return new Date(Date.parse(at) - this.#options.lookBackMs).toISOString()
  }

  /** Those that were not read before in the same version; moves on to the last that is not young. */
  #fresh(rows: readonly Row[], youngFrom: number): Omit<Page, 'at'> {
    const fresh: Row[] = []
    const young: Row[] = []
    for (const row of rows) {
      const id = textAt(row, 'Id')
      const stamp = textAt(row, 'SystemModstamp')
      if (id === undefined || stamp === undefined) continue
      const at = instantOf(stamp)
      const version = versionOf(row, this.#options.fields)
      const isKnown = this.#recent.get(id)?.version === version
      if (Date.parse(at) >= youngFrom) {
        if (!isKnown) young.push(row)
        continue
      }
      this.#moveOn(at, id)
      if (isKnown) continue
      this.#remember(id, at, version)
      fresh.push(row)
    }
    this.#forget()
    return { rows: fresh, young }
  }

  #moveOn(at: string, id: string): void {
    if (this.#at !== undefined && (at < this.#at || (at === this.#at && id <= this.#id))) return
    this.#at = at
    this.#id = id
  }

  #remember(id: string, at: string, version: string): void {
    // The latest stand last.
    this.#recent.delete(id)
    this.#recent.set(id, { at, version })
  }

  /** What no look-back reaches any more, and what is too much. */
  #forget(): void {
    const limit = this.#at === undefined ? '' : this.#before(this.#at)
    for (const [id, { at }] of this.#recent) {
      if (at >= limit && this.#recent.size <= mostRecent) return
      this.#recent.delete(id)
    }
  }
}

/** Rows behind this one. */
function afterRow(row: Row): string {
  const at = instantOf(textAt(row, 'SystemModstamp') ?? '')
  return `SystemModstamp > ${at} OR (SystemModstamp = ${at} AND Id > ${quoted(textAt(row, 'Id') ?? '')})`
}
