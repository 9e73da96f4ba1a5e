import type { Group } from './group.js'

/**
 * Finds the group that was touched longest ago. They are only put into order when a cap asks for it, and what was
 * touched since then is passed over: touching a group, and adding one, must cost nothing.
 */
export class Stalest {
  /** Freshest first, as they stood when they were put into order. */
  #ordered: Group[] = []
  /** The number of the latest touch at that time. */
  #orderedAt = 0

  /** Undefined when there are no groups. */
  of(groups: ReadonlySet<Group>): Group | undefined {
    for (let group = this.#ordered.pop(); group !== undefined; group = this.#ordered.pop()) {
      if (group.isKept && group.touched <= this.#orderedAt) return group
    }
    this.#ordered = [...groups].sort((a, b) => b.touched - a.touched)
    this.#orderedAt = this.#ordered[0]?.touched ?? 0
    return this.#ordered.pop()
  }
}
