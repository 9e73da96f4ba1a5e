import { type Row, textAt } from '../rest/rows.js'
import type { FieldList } from './field-list.js'
import { instantOf, versionOf } from './keyset-reader.js'

interface Told {
  readonly version: string
  /** LastModifiedDate, whole seconds (epoch ms). */
  readonly at: number
  readonly row: Row
}

/** More than any page between two messages; beyond it a state may be told twice, never not at all. */
const most = 50_000

/** Events of a second later cannot be of before. */
const second = 1_000

/**
 * States that a query told while events of before were still on their way: a snapshot, a catch-up, the reading after a gap.
 * Such an event must not take the case back to what it was. Salesforce's stamps are whole seconds, so within one second the
 * values decide; in doubt a state is told once more.
 */
export class ToldStates {
  readonly #fields: FieldList
  readonly #told = new Map<string, Told>()
  /** Ids whose told state is reached by a later event of the batch at hand → how many events before that. */
  #ahead = new Map<string, number>()

  constructor(fields: FieldList) {
    this.#fields = fields
  }

  /** A query told this. */
  told(row: Row): void {
    const id = textAt(row, 'Id')
    const stamp = textAt(row, 'LastModifiedDate') ?? textAt(row, 'SystemModstamp')
    if (id === undefined || stamp === undefined) return
    this.#told.delete(id)
    this.#told.set(id, { version: versionOf(row, this.#fields), at: Date.parse(instantOf(stamp)), row })
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= most) break
      this.#told.delete(oldest)
    }
  }

  /** What is about to be asked about: an event that leads to the told state makes those before it old. */
  lookAhead(events: readonly { readonly ids: readonly string[]; readonly changed: Row }[]): void {
    this.#ahead = new Map()
    if (this.#told.size === 0) return
    const counts = new Map<string, number>()
    for (const { ids, changed } of events) {
      for (const id of ids) {
        const told = this.#told.get(id)
        if (told === undefined) continue
        const count = (counts.get(id) ?? 0) + 1
        counts.set(id, count)
        if (leadsTo(changed, told.row)) this.#ahead.set(id, count)
      }
    }
  }

  /**
   * Whether what the event says was told already, or something later.
   *
   * @param row the record as it is now
   * @param committedAt of the event (epoch ms)
   */
  isOld(id: string, row: Row, changed: Row, committedAt: number): boolean {
    const told = this.#told.get(id)
    if (told === undefined) return false
    const ahead = this.#ahead.get(id) ?? 0
    if (ahead > 0) {
      this.#ahead.set(id, ahead - 1)
      if (ahead === 1) this.#told.delete(id)
      return true
    }
    const stamp = textAt(changed, 'LastModifiedDate')
    const at = stamp === undefined ? committedAt : Date.parse(instantOf(stamp))
    if (at < told.at) return true
    // Nothing came after what was told, so the event is of before or is it.
    if (versionOf(row, this.#fields) === told.version) return true
    if (at >= told.at + second) this.#told.delete(id)
    return false
  }
}

/** Whether a record with these changes looks as it was told. */
function leadsTo(changed: Row, told: Row): boolean {
  const fields = Object.entries(changed)
  return fields.length > 0 && fields.every(([field, value]) => told[field] === value)
}
