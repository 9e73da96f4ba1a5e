import type { Action } from '@andon/core/connector'

/** A process that never comes back to an action does not remember it for ever. */
const mostKept = 1_000

/**
 * Changes whose latest write was turned away because somebody else was quicker. Whatever brought the system to the
 * wanted state since, it was not that write: the next try has to know, when this one ends before the record says so. It
 * is in memory only; see {@link changeState} for what a killed process forgets, and for a write that comes through late.
 */
export class TurnedAway {
  readonly #changes = new Set<string>()

  of({ id }: Action, reverts: boolean): TurnedAwayChange {
    const changes = this.#changes
    const key = reverts ? `undo ${id}` : id
    return {
      get was() {
        return changes.has(key)
      },
      set was(turnedAway: boolean) {
        changes.delete(key)
        if (!turnedAway) return
        changes.add(key)
        const [oldest] = changes
        if (changes.size > mostKept && oldest !== undefined) changes.delete(oldest)
      },
    }
  }
}

/** Whether the latest write of one change was turned away. */
export interface TurnedAwayChange {
  was: boolean
}
