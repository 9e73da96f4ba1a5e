import { type Row, textAt } from '../rest/rows.js'

interface Told {
  readonly row: Row
  /** Events up to this instant were told with it, or lie before it (epoch ms). */
  readonly upTo: number
  /** Whether an event that is still to be told leads to it: those before that are old as well. */
  expected: boolean
}

/** What events say of a case, in order. */
export interface SaidOf {
  readonly id: string
  readonly changed: Row
}

/** More than any page between two messages; beyond it a state may be told twice, never not at all. */
const most = 50_000

/**
 * States that a query told while events of before might still be on their way: a snapshot, a catch-up, the reading after a
 * gap. Such an event must not take the case back to what it was.
 */
export class ToldStates {
  readonly #told = new Map<string, Told>()

  /** A query told this. @param upTo whatever was committed until then is in it (epoch ms, Salesforce's clock) */
  told(row: Row, upTo: number): void {
    const id = textAt(row, 'Id')
    if (id === undefined) return
    this.#told.delete(id)
    this.#told.set(id, { row, upTo, expected: false })
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= most) break
      this.#told.delete(oldest)
    }
  }

  /** What is about to be asked about. */
  lookAhead(said: readonly SaidOf[]): void {
    for (const { id, changed } of said) {
      const told = this.#told.get(id)
      if (told !== undefined && leadsTo(changed, told.row)) told.expected = true
    }
  }

  /**
   * Whether what the event says was told already, or something later.
   *
   * @param committedAt of the event (epoch ms)
   */
  isOld(id: string, changed: Row, committedAt: number): boolean {
    const told = this.#told.get(id)
    if (told === undefined) return false
    if (committedAt <= told.upTo) return true
    if (leadsTo(changed, told.row)) {
      told.expected = false
      return true
    }
    if (told.expected) return true
    this.#told.delete(id)
    return false
  }
}

/**
 * Whether the record looks as this event left it. One that came later changed a value of the record, so it does not match;
 * one that changed nothing that is read leads nowhere.
 */
export function leadsTo(changed: Row, told: Row): boolean {
  const fields = Object.entries(changed)
  return fields.length > 0 && fields.every(([field, value]) => told[field] === value)
}
