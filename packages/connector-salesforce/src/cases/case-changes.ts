import type { RawPayload } from '@andon/core/connector'
import type { ChangeEvent } from '../events/change-event.js'
import type { CallMeans } from '../http/salesforce-http.js'
import type { Moment } from '../http/server-time.js'
import { quoted, type Rest } from '../rest/rest.js'
import { type Row, type RowValue, textAt } from '../rest/rows.js'
import { type CaseChange, changeType, type PayloadMaker, saidInCase } from './case-payload.js'
import type { FieldList } from './field-list.js'
import { LastStates } from './last-states.js'
import { PlacedEvents } from './placed-events.js'
import { ToldStates } from './told-states.js'

/** A change event and which one it was. */
export interface NumberedEvent {
  readonly event: ChangeEvent
  /** base64 */
  readonly replayId: string
}

/** A case as a query read it, and when. */
export interface ReadRow {
  readonly row: Row
  readonly at: Moment
}

export interface GapRow extends ReadRow {
  readonly gap: NumberedEvent
}

export interface CaseChangesOptions {
  readonly rest: Rest
  readonly fields: FieldList
  readonly filter: string | undefined
  readonly payload: PayloadMaker
  /** Of ourselves, in `changeOrigin`. */
  readonly clientName: string
  /** Told the version of each record as it is handed on. */
  readonly told: (row: Row) => void
}

/** As many ids as a query takes without its address becoming too long. */
const idsPerQuery = 200

/**
 * Makes payloads of change events. An event has only what changed, so the record is read beside it, for the whole batch at
 * once; what the event says goes on top of it, so that every state is told and none is skipped, however many changes
 * there were meanwhile.
 */
export class CaseChanges {
  readonly states = new ToldStates()
  readonly last: LastStates
  readonly #options: CaseChangesOptions
  readonly #echo: string

  constructor(options: CaseChangesOptions) {
    this.#options = options
    this.last = new LastStates(options.fields)
    this.#echo = `client=${options.clientName}`
  }

  /** Whether we caused it. */
  isEcho({ origin }: ChangeEvent): boolean {
    return origin.split(';').some((part) => part.trim() === this.#echo)
  }

  /** A query told this. @param upTo whatever was committed until then is in it (epoch ms) */
  queried(row: Row, upTo: number): void {
    this.#options.told(row)
    this.states.told(row, upTo)
    this.last.told(row)
  }

  /** What of these rows no event tells that is still to be told. */
  left<R extends ReadRow>(rows: readonly R[], ahead: readonly (NumberedEvent | undefined)[]): readonly R[] {
    const events = ahead.filter((one) => one === undefined || !this.isEcho(one.event))
    const placed = new PlacedEvents(
      events.map((one) => one && { event: one.event, changed: this.#asRead(one.event.changed) }),
    )
    return rows.filter(({ row, at }) => !placed.tell(row, at))
  }

  #named(events: readonly NumberedEvent[]): ReadonlySet<string> {
    const told = events.filter(({ event }) => event.entity === 'Case' && !this.isEcho(event))
    return new Set(told.flatMap(({ event }) => event.recordIds))
  }

  /** In the order of the events, none of which is a hole. */
  async payloads(events: readonly NumberedEvent[], means: CallMeans): Promise<readonly RawPayload[]> {
    const rows = await this.rows(this.#named(events), means)
    const told = events.filter(({ event }) => event.entity === 'Case' && !this.isEcho(event))
    this.states.lookAhead(
      told.flatMap(({ event: { recordIds, changed } }) => {
        const read = this.#asRead(changed)
        return recordIds.map((id) => ({ id, changed: read }))
      }),
    )
    return events.flatMap((one) => {
      if (one.event.entity !== 'Case') return []
      if (this.isEcho(one.event)) {
        this.#echoed(one.event)
        return []
      }
      return one.event.recordIds.flatMap((id) => this.#payload(id, rows.get(id), one))
    })
  }

  /** The cases of gaps, as they are now. */
  async gapRows(gaps: readonly NumberedEvent[], means: CallMeans): Promise<readonly GapRow[]> {
    // A case that has several gaps is told by its last.
    const last = new Map(gaps.flatMap((gap) => gap.event.recordIds.map((id) => [id, gap] as const)))
    for (const id of last.keys()) this.last.forget(id)
    const { serverTime } = this.#options.rest.http
    const { done: rows, at } = await serverTime.timed(means.clock, () =>
      this.rows(new Set(last.keys()), means),
    )
    return [...last].flatMap(([id, gap]) => {
      const row = rows.get(id)
      return row === undefined ? [] : [{ row, gap, at }]
    })
  }

  gapPayloads(rows: readonly GapRow[]): readonly RawPayload[] {
    return rows.flatMap(({ row, gap, at }) => {
      const said = saidInCase(row)
      this.queried(row, at.from)
      return said === undefined ? [] : [this.#options.payload(said, row, changeOf(gap, row, []))]
    })
  }

  #echoed({ recordIds, changed, unsaid, type }: ChangeEvent): void {
    for (const id of recordIds) {
      if (unsaid.length > 0 || type.startsWith('GAP_')) this.last.forget(id)
      else this.last.echo(id, this.#asRead(changed))
    }
  }

  /** The cases with these ids as they are now, deleted ones among them. */
  async rows(ids: ReadonlySet<string>, means: CallMeans): Promise<ReadonlyMap<string, Row>> {
    const { rest, fields, filter } = this.#options
    const rows = new Map<string, Row>()
    const all = [...ids]
    for (let from = 0; from < all.length; from += idsPerQuery) {
      const some = all.slice(from, from + idsPerQuery).map(quoted)
      const condition = `Id IN (${some.join(', ')})${filter === undefined ? '' : ` AND (${filter})`}`
      const soql = `SELECT ${[...fields.keys()].join(', ')} FROM Case WHERE ${condition}`
      for (const row of await rest.rows(soql, true, means)) {
        const id = textAt(row, 'Id')
        if (id !== undefined) rows.set(id, row)
      }
    }
    return rows
  }

  #payload(id: string, row: Row | undefined, one: NumberedEvent): readonly RawPayload[] {
    if (row === undefined) {
      this.last.forget(id)
      return []
    }
    const { event } = one
    const { unsaid, known } = event
    const { told, payload } = this.#options
    const changed = this.#asRead(event.changed)
    if (this.states.isOld(id, changed, event.committedAt)) return []
    const isWhole = event.type === 'CREATE' || event.type === 'UNDELETE'
    const after = this.last.after(id, row, { isWhole, changed, unsaid, known })
    const state = { ...after, ...endOf(event, row) }
    const said = saidInCase(state)
    if (said === undefined) return []
    told(state)
    this.last.told(state)
    return [payload(said, state, changeOf(one, state, Object.keys(changed)))]
  }

  /** Values as REST writes them: an event has instants as numbers. Fields that are not read otherwise are left out. */
  #asRead(changed: Row): Row {
    const { fields } = this.#options
    const row: { [field: string]: RowValue } = {}
    for (const [field, value] of Object.entries(changed)) {
      const type = fields.get(field)?.type
      if (type === undefined) continue
      if (typeof value !== 'number') row[field] = value
      else if (type === 'datetime') row[field] = new Date(value).toISOString().replace('Z', '+0000')
      else if (type === 'date') row[field] = new Date(value).toISOString().slice(0, 10)
      else row[field] = value
    }
    return row
  }
}

function changeOf({ event, replayId }: NumberedEvent, state: Row, fields: readonly string[]): CaseChange {
  const { type, committedAt, commitNumber } = event
  const at = new Date(committedAt).toISOString()
  return { type: changeType(state, type), at, replayId, commitNumber, fields }
}

/** Whether and into which case it is gone: no event says so in its fields. One of before the end does not know of it. */
function endOf({ type }: ChangeEvent, row: Row): Row {
  const { IsDeleted = false, MasterRecordId } = row
  if (type !== 'DELETE') return { IsDeleted: false }
  return MasterRecordId === undefined ? { IsDeleted } : { IsDeleted, MasterRecordId }
}
