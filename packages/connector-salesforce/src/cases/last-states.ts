import { type Row, type RowValue, textAt } from '../rest/rows.js'
import type { FieldList } from './field-list.js'

/** At 2 kB a case some 20 MB; of others the record as it is now has to do. */
const most = 10_000

/** What an event says of a record. */
export interface EventFields {
  /** Of a record that is new or back it says all: what it leaves out is empty. */
  readonly isWhole: boolean
  /** The fields with their values. */
  readonly changed: Row
  /** Changed, but not told in full. */
  readonly unsaid: readonly string[]
  /** All that an event could say. */
  readonly known: ReadonlySet<string>
}

/**
 * The state in which each case was told last. The record that is read beside an event may be ahead of it, so what the event
 * leaves out stands as it was told, and only what no event ever says (formulas, parents) is taken from the record.
 */
export class LastStates {
  readonly #lookUps: ReadonlyMap<string, string>
  readonly #states = new Map<string, Row>()

  constructor(fields: FieldList) {
    this.#lookUps = new Map(
      [...fields.values()].flatMap(({ name, relationshipName }): [string, string][] =>
        typeof relationshipName === 'string' ? [[relationshipName, name]] : [],
      ),
    )
  }

  /** It was told like this, or became so by ourselves. */
  told(state: Row): void {
    const id = textAt(state, 'Id')
    if (id === undefined) return
    this.#states.delete(id)
    this.#states.set(id, state)
    for (const oldest of this.#states.keys()) {
      if (this.#states.size <= most) break
      this.#states.delete(oldest)
    }
  }

  /** Something happened that was not told: what is known of before does not hold any more. */
  forget(id?: string): void {
    if (id === undefined) this.#states.clear()
    else this.#states.delete(id)
  }

  /** The state that the event leads to. */
  after(id: string, row: Row, { isWhole, changed, unsaid, known }: EventFields): Row {
    const last = isWhole ? {} : this.#states.get(id)
    if (last === undefined) return { ...row, ...changed }
    const state: { [field: string]: RowValue } = { ...row }
    for (const field of Object.keys(row)) {
      if (!known.has(field) || unsaid.includes(field)) continue
      const value = last[field]
      if (isWhole || value !== undefined) state[field] = value ?? null
    }
    Object.assign(state, changed)
    // A parent as it is now, unless the record has another one already.
    for (const [parent, lookUp] of this.#lookUps) {
      if (parent in row && state[lookUp] !== row[lookUp]) state[parent] = last[parent] ?? null
    }
    return state
  }

  /** We changed it ourselves: nobody is told, but it is so. */
  echo(id: string, changed: Row): void {
    const last = this.#states.get(id)
    if (last !== undefined) this.told({ ...last, ...changed })
  }
}
