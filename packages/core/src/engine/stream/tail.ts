import type { PreparedEntry } from './prepared.js'

const defaultCapacity = 20_000
/** Few: what lives for a second is moved to the old generation and makes the garbage collector stop the loop for it. */
const defaultBehind = 64

export interface TailOptions {
  /** Entries that it holds at most. */
  readonly capacity?: number
  /** Entries that stay after analysis has seen them, for a finding to quote. */
  readonly keptBehind?: number
}

/**
 * The journal's newest entries, kept in memory so that analysis need not read back what intake has just
 * written. Only a cache: what does not fit is read from the store.
 */
export class Tail {
  readonly #batches: (readonly PreparedEntry[])[] = []
  readonly #capacity: number
  readonly #keptBehind: number
  #size = 0
  #end: number | undefined

  constructor({ capacity = defaultCapacity, keptBehind = defaultBehind }: TailOptions = {}) {
    this.#capacity = capacity
    this.#keptBehind = keptBehind
  }

  /** Offset of the newest entry that came through here; undefined before the first. */
  get end(): number | undefined {
    return this.#end
  }

  push(entries: readonly PreparedEntry[]): void {
    if (entries.length === 0) return
    this.#batches.push(entries)
    this.#end = entries.at(-1)?.offset ?? this.#end
    this.#size += entries.length
    while (this.#size > this.#capacity && this.#batches.length > 1) {
      this.#size -= this.#batches.shift()?.length ?? 0
    }
  }

  /** About `limit` entries from exactly `offset` on; empty when they are not here (any more). */
  from(offset: number, limit: number): readonly PreparedEntry[] {
    const found: PreparedEntry[] = []
    for (const batch of this.#batches) {
      const first = batch[0]?.offset ?? 0
      if (first + batch.length <= offset) continue
      const wanted = found.length === 0 ? offset : first
      if (first > wanted || first > offset + found.length) break
      if (found.length === 0 && first === offset && batch.length >= limit) return batch
      for (let i = wanted - first; i < batch.length; i++) {
        const entry = batch[i]
        if (entry !== undefined) found.push(entry)
      }
      if (found.length >= limit) break
    }
    return found
  }

  /** Analysis has seen everything before `offset`: what is far behind it may go. */
  release(offset: number): void {
    for (let first = this.#batches[0]; first !== undefined; first = this.#batches[0]) {
      const last = first.at(-1)
      if (last === undefined || last.offset >= offset - this.#keptBehind) return
      this.#batches.shift()
      this.#size -= first.length
    }
  }

  at(offset: number): PreparedEntry | undefined {
    for (let i = this.#batches.length - 1; i >= 0; i--) {
      const batch = this.#batches[i]
      const first = batch?.[0]?.offset
      if (first !== undefined && first <= offset) return batch?.[offset - first]
    }
    return undefined
  }
}
