import type { RawPayload } from '@andon/core/connector'
import type { ChangeEvent } from '../events/change-event.js'
import type { CallMeans } from '../http/salesforce-http.js'
import { quoted, type Rest } from '../rest/rest.js'
import { type Row, type RowValue, textAt } from '../rest/rows.js'
import { changeType, type PayloadMaker, saidInCase } from './case-payload.js'
import type { FieldList } from './field-list.js'
import { LastStates } from './last-states.js'
import { ToldStates } from './told-states.js'

/** A change event and which one it was. */
export interface NumberedEvent {
  readonly event: ChangeEvent
  /** base64 */
  readonly replayId: string
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

/** Whether an event tells of more than it can name. */
export const isOverflow = ({ type, recordIds }: ChangeEvent): boolean =>
  type === 'GAP_OVERFLOW' || recordIds.length === 0 || recordIds.some((id) => id.includes('*'))

/**
 * Makes payloads of change events. An event has only what changed, so the record is read beside it, for the whole batch at
 * once; what the event says goes on top of it, so that every state is told and none is skipped, however many changes
 * there were meanwhile.
 */
export class CaseChanges {
  readonly states: ToldStates
  readonly last: LastStates
  readonly #options: CaseChangesOptions
  readonly #echo: string

  constructor(options: CaseChangesOptions) {
    this.#options = options
    this.states = new ToldStates(options.fields)
    this.last = new LastStates(options.fields)
    this.#echo = `client=${options.clientName}`
  }

  /** Whether we caused it. */
  isEcho({ origin }: ChangeEvent): boolean {
    return origin.split(';').some((part) => part.trim() === this.#echo)
  }

  /** A query told this. */
  queried(row: Row): void {
    this.states.told(row)
    this.last.told(row)
  }

  /** In the order of the events; undefined stands for one that cannot be read. */
  async payloads(
    events: readonly (NumberedEvent | undefined)[],
    means: CallMeans,
  ): Promise<readonly RawPayload[]> {
    const named = events.filter((one) => one !== undefined && this.#tells(one.event))
    const others = named.filter((one) => one !== undefined)
    const rows = await this.rows(new Set(others.flatMap(({ event }) => event.recordIds)), means)
    this.states.lookAhead(
      others.map(({ event }) => ({ ids: event.recordIds, changed: this.#asRead(event.changed) })),
    )
    const payloads: RawPayload[] = []
    for (const one of events) {
      if (one === undefined || isOverflow(one.event)) this.last.forget()
      else if (one.event.entity !== 'Case') continue
      else if (this.isEcho(one.event)) this.#echoed(one.event)
      else {
        for (const id of one.event.recordIds) {
          const payload = this.#payload(id, rows.get(id), one)
          if (payload !== undefined) payloads.push(payload)
        }
      }
    }
    return payloads
  }

  #tells(event: ChangeEvent): boolean {
    return event.entity === 'Case' && !isOverflow(event) && !this.isEcho(event)
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

  #payload(id: string, row: Row | undefined, { event, replayId }: NumberedEvent): RawPayload | undefined {
    const isGap = event.type.startsWith('GAP_')
    if (isGap || row === undefined) this.last.forget(id)
    if (row === undefined) return undefined
    const { told, payload } = this.#options
    const changed = this.#asRead(event.changed)
    const { unsaid, known } = event
    if (this.states.isOld(id, row, changed, event.committedAt)) return undefined
    const isWhole = event.type === 'CREATE' || event.type === 'UNDELETE'
    const after = this.last.after(id, row, { isWhole, changed, unsaid, known })
    const state = { ...after, ...endOf(event, row) }
    const said = saidInCase(state)
    if (said === undefined) return undefined
    told(state)
    this.last.told(state)
    // A gap has no values: what was read may be ahead of events that are still to come.
    if (isGap) this.states.told(row)
    return payload(said, state, {
      type: changeType(state, event.type),
      at: new Date(event.committedAt).toISOString(),
      replayId,
      commitNumber: event.commitNumber,
      fields: Object.keys(changed),
    })
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

/** Whether and into which case it is gone: no event says so in its fields. One of before the end does not know of it. */
function endOf({ type }: ChangeEvent, row: Row): Row {
  const { IsDeleted = false, MasterRecordId } = row
  if (type !== 'DELETE' && !type.startsWith('GAP_')) return { IsDeleted: false }
  return MasterRecordId === undefined ? { IsDeleted } : { IsDeleted, MasterRecordId }
}
